import tseslint from "typescript-eslint";

export default tseslint.config(
  { ignores: ["dist/", "examples/unit-test/", "plan/", "node_modules/", "**/*.js", "**/*.mjs"] },
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: {
      // Named, so that no file brings a project of its own, whose SDKs would be read once more.
      parserOptions: { project: ["tsconfig.json", "test/e2e/tsconfig.json"], tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      // Pulumi's children are made for their effect; the component keeps no handle on most of them.
      "no-new": "off",
      // Free-form TOML and Helm values are the one place where `any` is the type (the analyzer takes no `unknown`).
      "@typescript-eslint/no-explicit-any": "error",
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/no-unnecessary-condition": "error",
    },
  },
  {
    // Where the SDK says plain, an Output does not arrive: a cast would hide that from the compiler.
    files: ["components/**", "catalogue/**", "stacks/**"],
    rules: {
      "no-restricted-syntax": [
        "error",
        {
          selector: "TSAsExpression > TSAsExpression[typeAnnotation.type=/^TS(Unknown|Any|Never)Keyword$/]",
          message: "no double cast: change the types so that the compiler checks them",
        },
        { selector: "TSAsExpression > TSNeverKeyword", message: "no cast to never: it hides a wrong argument" },
        { selector: "TSAsExpression > TSAnyKeyword", message: "no cast to any: it hides a wrong argument" },
        { selector: "TSTypeAssertion", message: "write casts with as, where these rules see them" },
      ],
    },
  },
  {
    files: ["test/**"],
    rules: {
      // A test that meets what it did not expect fails either way.
      "@typescript-eslint/no-non-null-assertion": "off",
      "@typescript-eslint/no-confusing-void-expression": "off",
    },
  },
);
