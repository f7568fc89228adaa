// Reads alert rules as Prometheus reads them, and says which alert fires on given series, with Prometheus's own engine. It does
// what promtool does with rules and their tests, without the 900 packages of service discovery and storage that promtool is linked with.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log"
	"log/slog"
	"os"
	"strings"
	"time"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/model/rulefmt"
	"github.com/prometheus/prometheus/promql"
	"github.com/prometheus/prometheus/promql/parser"
	"github.com/prometheus/prometheus/template"
)

type input struct {
	// The `groups` of rules.
	Rules json.RawMessage
	// Further expressions, which are only parsed.
	Expressions []string
	Cases       []testCase
}

// One sample a minute, in the notation of promtool's tests.
type testCase struct {
	Alert   string
	Series  []struct{ Series, Values string }
	Minutes int
}

type selector struct {
	Metric string   `json:"metric"`
	Labels []string `json:"labels"`
}

type expression struct {
	Selectors []selector `json:"selectors"`
	// Labels by which it groups and joins.
	Grouping []string `json:"grouping"`
}

type firing struct {
	Labels      map[string]string `json:"labels"`
	Annotations map[string]string `json:"annotations"`
}

type output struct {
	Errors      []string     `json:"errors"`
	Expressions []expression `json:"expressions"`
	// What fires at the end of each case.
	Firing [][]firing `json:"firing"`
}

var language = parser.NewParser(parser.Options{})

func main() {
	var in input
	if err := json.NewDecoder(os.Stdin).Decode(&in); err != nil {
		log.Fatal(err)
	}
	out := output{Errors: []string{}, Expressions: []expression{}, Firing: [][]firing{}}
	groups, errs := rulefmt.Parse(in.Rules, false, model.UTF8Validation, language, slog.Default())
	for _, err := range errs {
		out.Errors = append(out.Errors, err.Error())
	}
	rules := map[string][]rulefmt.Rule{}
	if groups != nil {
		for _, group := range groups.Groups {
			for _, rule := range group.Rules {
				rules[rule.Alert] = append(rules[rule.Alert], rule)
				in.Expressions = append(in.Expressions, rule.Expr)
			}
		}
	}
	for _, text := range in.Expressions {
		parsed, err := language.ParseExpr(text)
		if err != nil {
			out.Errors = append(out.Errors, fmt.Sprintf("%s: %v", text, err))
			continue
		}
		out.Expressions = append(out.Expressions, describe(parsed))
	}
	if len(out.Errors) == 0 {
		for _, one := range in.Cases {
			if len(rules[one.Alert]) == 0 {
				log.Fatalf("no alert %s", one.Alert)
			}
			fires := []firing{}
			for _, rule := range rules[one.Alert] {
				fires = append(fires, run(rule, one)...)
			}
			out.Firing = append(out.Firing, fires)
		}
	}
	if err := json.NewEncoder(os.Stdout).Encode(out); err != nil {
		log.Fatal(err)
	}
}

func describe(expr parser.Expr) expression {
	found := expression{Selectors: []selector{}, Grouping: []string{}}
	parser.Inspect(expr, func(node parser.Node, _ []parser.Node) error {
		switch it := node.(type) {
		case *parser.VectorSelector:
			one := selector{Metric: it.Name, Labels: []string{}}
			for _, matcher := range it.LabelMatchers {
				if matcher.Name != labels.MetricName {
					one.Labels = append(one.Labels, matcher.Name)
				}
			}
			found.Selectors = append(found.Selectors, one)
		case *parser.AggregateExpr:
			found.Grouping = append(found.Grouping, it.Grouping...)
		case *parser.BinaryExpr:
			if it.VectorMatching != nil {
				found.Grouping = append(append(found.Grouping, it.VectorMatching.MatchingLabels...), it.VectorMatching.Include...)
			}
		}
		return nil
	})
	return found
}

// What the rule fires at the last minute: an alert fires when its expression has given it in every minute for so long.
func run(rule rulefmt.Rule, one testCase) []firing {
	engine := promql.NewEngine(promql.EngineOpts{
		MaxSamples: 1_000_000, Timeout: time.Minute, LookbackDelta: 5 * time.Minute, EnableAtModifier: true, Parser: language,
	})
	memory := memoryOf(one)
	since := map[string]int{}
	hold := int(time.Duration(rule.For).Minutes())
	for minute := 0; ; minute++ {
		at := time.Unix(0, 0).Add(time.Duration(minute) * time.Minute)
		query, err := engine.NewInstantQuery(context.Background(), memory, nil, rule.Expr, at)
		if err != nil {
			log.Fatal(err)
		}
		result := query.Exec(context.Background())
		vector, err := result.Vector()
		if err != nil {
			log.Fatalf("%s: %v", rule.Alert, err)
		}
		active := map[string]int{}
		fires := []firing{}
		for _, sample := range vector {
			own := labels.NewBuilder(sample.Metric).Del(labels.MetricName).Labels()
			start, known := since[own.String()]
			if !known {
				start = minute
			}
			active[own.String()] = start
			if minute-start >= hold {
				fires = append(fires, describeFiring(rule, own, sample, at))
			}
		}
		query.Close()
		since = active
		if minute == one.Minutes {
			return fires
		}
	}
}

func describeFiring(rule rulefmt.Rule, own labels.Labels, sample promql.Sample, at time.Time) firing {
	data := template.AlertTemplateData(own.Map(), nil, "", sample)
	expand := func(text string) string {
		whole := "{{$labels := .Labels}}{{$value := .Value}}" + text
		query := func(context.Context, string, time.Time) (promql.Vector, error) { return nil, nil }
		text, err := template.NewTemplateExpander(
			context.Background(), whole, rule.Alert, data, model.TimeFromUnixNano(at.UnixNano()), query, nil, []string{"missingkey=error"},
		).Expand()
		if err != nil {
			log.Fatalf("%s: %v", rule.Alert, err)
		}
		return text
	}
	fires := firing{Labels: own.Map(), Annotations: map[string]string{}}
	for name, text := range rule.Labels {
		fires.Labels[name] = expand(text)
	}
	for name, text := range rule.Annotations {
		fires.Annotations[name] = strings.TrimSpace(expand(text))
	}
	return fires
}
