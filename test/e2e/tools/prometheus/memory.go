package main

import (
	"context"
	"log"
	"sort"

	"github.com/prometheus/prometheus/model/histogram"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/storage"
	"github.com/prometheus/prometheus/tsdb/chunkenc"
	"github.com/prometheus/prometheus/tsdb/chunks"
	"github.com/prometheus/prometheus/util/annotations"
)

// Series that the engine reads.
type memory []series

type series struct {
	labels  labels.Labels
	samples []chunks.Sample
}

func memoryOf(one testCase) memory {
	var held memory
	for _, described := range one.Series {
		name, values, err := language.ParseSeriesDesc(described.Series + " " + described.Values)
		if err != nil {
			log.Fatalf("%s: %v", described.Series, err)
		}
		its := series{labels: name}
		for minute, value := range values {
			if !value.Omitted {
				its.samples = append(its.samples, sample{time: int64(minute) * 60_000, value: value.Value})
			}
		}
		held = append(held, its)
	}
	return held
}

func (m memory) Querier(from, to int64) (storage.Querier, error) {
	return querier{memory: m, from: from, to: to}, nil
}

type querier struct {
	memory   memory
	from, to int64
}

func (q querier) Select(_ context.Context, _ bool, _ *storage.SelectHints, matchers ...*labels.Matcher) storage.SeriesSet {
	found := &found{}
	for _, its := range q.memory {
		if !matches(its.labels, matchers) {
			continue
		}
		var inside []chunks.Sample
		for _, one := range its.samples {
			if one.T() >= q.from && one.T() <= q.to {
				inside = append(inside, one)
			}
		}
		if len(inside) > 0 {
			found.series = append(found.series, storage.NewListSeries(its.labels, inside))
		}
	}
	sort.Slice(found.series, func(left, right int) bool {
		return labels.Compare(found.series[left].Labels(), found.series[right].Labels()) < 0
	})
	return found
}

func matches(of labels.Labels, matchers []*labels.Matcher) bool {
	for _, matcher := range matchers {
		if !matcher.Matches(of.Get(matcher.Name)) {
			return false
		}
	}
	return true
}

func (querier) LabelValues(context.Context, string, *storage.LabelHints, ...*labels.Matcher) ([]string, annotations.Annotations, error) {
	return nil, nil, nil
}

func (querier) LabelNames(context.Context, *storage.LabelHints, ...*labels.Matcher) ([]string, annotations.Annotations, error) {
	return nil, nil, nil
}

func (querier) Close() error { return nil }

type found struct {
	series []storage.Series
	next   int
}

func (f *found) Next() bool                      { f.next++; return f.next <= len(f.series) }
func (f *found) At() storage.Series              { return f.series[f.next-1] }
func (*found) Err() error                        { return nil }
func (*found) Warnings() annotations.Annotations { return nil }

type sample struct {
	time  int64
	value float64
}

func (s sample) ST() int64                   { return 0 }
func (s sample) T() int64                    { return s.time }
func (s sample) F() float64                  { return s.value }
func (sample) H() *histogram.Histogram       { return nil }
func (sample) FH() *histogram.FloatHistogram { return nil }
func (sample) Type() chunkenc.ValueType      { return chunkenc.ValFloat }
func (s sample) Copy() chunks.Sample         { return s }
