// Decides, with Karpenter's own scheduling simulation, which nodes it would start for the pods of a workload in a cluster
// that has none, each of the cheapest instance type that the simulation leaves.
package main

import (
	"context"
	"encoding/json"
	"log"
	"os"
	"sort"

	_ "github.com/aws/karpenter-provider-aws/pkg/apis/v1" // its labels
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/uuid"
	"k8s.io/client-go/tools/record"
	"k8s.io/utils/clock"
	"sigs.k8s.io/controller-runtime/pkg/client/fake"
	karpenter "sigs.k8s.io/karpenter/pkg/apis/v1"
	"sigs.k8s.io/karpenter/pkg/cloudprovider"
	"sigs.k8s.io/karpenter/pkg/controllers/provisioning/scheduling"
	"sigs.k8s.io/karpenter/pkg/controllers/state"
	"sigs.k8s.io/karpenter/pkg/events"
	"sigs.k8s.io/karpenter/pkg/operator/options"
	requirements "sigs.k8s.io/karpenter/pkg/scheduling"
)

type instanceType struct {
	Name string
	// What pods may use.
	Allocatable corev1.ResourceList
	Price       float64
}

type pool struct {
	NodePool *karpenter.NodePool
	Types    []instanceType
}

type input struct {
	Pools []pool
	// Pods of each workload.
	Workloads [][]*corev1.Pod
}

type node struct {
	Type string
	Pods int
}

func main() {
	var in input
	if err := json.NewDecoder(os.Stdin).Decode(&in); err != nil {
		log.Fatal(err)
	}
	sort.SliceStable(in.Pools, func(i, j int) bool { return weight(in.Pools[i]) > weight(in.Pools[j]) })
	nodes := [][]node{}
	for _, pods := range in.Workloads {
		nodes = append(nodes, simulate(in.Pools, pods))
	}
	if err := json.NewEncoder(os.Stdout).Encode(nodes); err != nil {
		log.Fatal(err)
	}
}

func weight(it pool) int32 {
	if it.NodePool.Spec.Weight == nil {
		return 0
	}
	return *it.NodePool.Spec.Weight
}

func simulate(pools []pool, pods []*corev1.Pod) []node {
	ctx := options.ToContext(context.Background(), &options.Options{
		PreferencePolicy: options.PreferencePolicyRespect,
		MinValuesPolicy:  options.MinValuesPolicyStrict,
	})
	for _, pod := range pods {
		pod.UID = uuid.NewUUID()
		pod.CreationTimestamp = metav1.Now()
	}
	nodePools := []*karpenter.NodePool{}
	types := map[string][]*cloudprovider.InstanceType{}
	prices := map[string]float64{}
	for _, it := range pools {
		nodePools = append(nodePools, it.NodePool)
		for _, one := range it.Types {
			prices[one.Name] = one.Price
			types[it.NodePool.Name] = append(types[it.NodePool.Name], typeOf(one))
		}
	}
	client := fake.NewClientBuilder().Build()
	cluster := state.NewCluster(clock.RealClock{}, client, nil)
	topology, err := scheduling.NewTopology(ctx, client, cluster, nil, nodePools, types, pods)
	if err != nil {
		log.Fatal(err)
	}
	scheduler := scheduling.NewScheduler(
		ctx, client, nodePools, cluster, nil, topology, types, nil,
		events.NewRecorder(&record.FakeRecorder{}), clock.RealClock{}, nil, nil, scheduling.NumConcurrentReconciles(1),
	)
	results, err := scheduler.Solve(ctx, pods)
	if err != nil {
		log.Fatal(err)
	}
	for pod, err := range results.PodErrors {
		log.Fatalf("%s: %s", pod.Name, err)
	}
	results = results.TruncateInstanceTypes(ctx, scheduling.MaxInstanceTypes)
	nodes := []node{}
	for _, claim := range results.NewNodeClaims {
		cheapest := claim.InstanceTypeOptions[0].Name
		for _, option := range claim.InstanceTypeOptions {
			if prices[option.Name] < prices[cheapest] {
				cheapest = option.Name
			}
		}
		nodes = append(nodes, node{Type: cheapest, Pods: len(claim.Pods)})
	}
	return nodes
}

func typeOf(it instanceType) *cloudprovider.InstanceType {
	offered := func(price float64, capacity string) *cloudprovider.Offering {
		return &cloudprovider.Offering{
			Available: true,
			Price:     price,
			Requirements: requirements.NewLabelRequirements(map[string]string{
				karpenter.CapacityTypeLabelKey: capacity,
				corev1.LabelTopologyZone:       "zone-a",
			}),
		}
	}
	in := func(key string, values ...string) *requirements.Requirement {
		return requirements.NewRequirement(key, corev1.NodeSelectorOpIn, values...)
	}
	capacity := corev1.ResourceList{corev1.ResourcePods: resource.MustParse("58")}
	for name, amount := range it.Allocatable {
		capacity[name] = amount
	}
	return &cloudprovider.InstanceType{
		Name: it.Name,
		Requirements: requirements.NewRequirements(
			in(corev1.LabelInstanceTypeStable, it.Name),
			in(corev1.LabelArchStable, "arm64"),
			in(corev1.LabelOSStable, "linux"),
			in(corev1.LabelTopologyZone, "zone-a"),
			in(karpenter.CapacityTypeLabelKey, karpenter.CapacityTypeSpot, karpenter.CapacityTypeOnDemand),
		),
		// A fallback is never the cheaper one.
		Offerings: cloudprovider.Offerings{offered(it.Price, karpenter.CapacityTypeSpot), offered(2*it.Price, karpenter.CapacityTypeOnDemand)},
		Capacity:  capacity,
		Overhead:  &cloudprovider.InstanceTypeOverhead{},
	}
}
