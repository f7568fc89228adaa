import { isIPv4 } from "node:net";

/** An IPv4 network range such as 10.0.0.0/16. */
export interface Cidr {
  /** Number of its first address. */
  first: number;
  /** Length of its prefix. */
  prefix: number;
}

/** What is wrong with an IPv4 network range, with the fix, or nothing. */
export function cidrError(text: string, example: string): string | undefined {
  const [address = "", prefix = "", ...rest] = text.split("/");
  if (rest.length > 0 || !isIPv4(address) || !/^([0-9]|[12][0-9]|3[0-2])$/.test(prefix))
    return `must be an IPv4 network range such as ${example}, got "${text}"`;
  const first = networkOf(text);
  if (textOf(first) === text) return undefined;
  return `must start at its network address, got "${text}"; write ${textOf(first)}`;
}

/** The network range that contains the address of the text. */
export function networkOf(text: string): Cidr {
  const [address = "", prefix = ""] = text.split("/");
  const number = address.split(".").reduce((sum, octet) => sum * 256 + Number(octet), 0);
  const size = 2 ** (32 - Number(prefix));
  return { first: number - (number % size), prefix: Number(prefix) };
}

export function textOf({ first, prefix }: Cidr): string {
  return `${[24, 16, 8, 0].map((shift) => Math.floor(first / 2 ** shift) % 256).join(".")}/${prefix}`;
}

/** Part number `index` of a network range that is divided into parts with one prefix length. */
export function sliceOf(cidr: Cidr, prefix: number, index: number): Cidr {
  return { first: cidr.first + index * 2 ** (32 - prefix), prefix };
}

/** Whether one network range lies within another. */
export function isWithin(inner: Cidr, outer: Cidr): boolean {
  return inner.prefix >= outer.prefix && inner.first - (inner.first % 2 ** (32 - outer.prefix)) === outer.first;
}

const privateRanges = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"].map(networkOf);
const unroutableRanges = [
  ...privateRanges,
  ...["0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "224.0.0.0/3"].map(networkOf),
];
const documentationRanges = ["192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24"].map(networkOf);

/** Whether a VPC with the range can still reach all of the internet (RFC 1918, RFC 6598). */
export function isPrivate(text: string): boolean {
  return privateRanges.some((range) => isWithin(networkOf(text), range));
}

/** Whether no address of the range can be used on the internet. */
export function isUnroutable(text: string): boolean {
  return unroutableRanges.some((range) => isWithin(networkOf(text), range));
}

/** Whether the range is one for documentation (RFC 5737): it belongs to no network, so it is an unchanged example. */
export function isDocumentation(text: string): boolean {
  return documentationRanges.some((range) => isWithin(networkOf(text), range));
}
