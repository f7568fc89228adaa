// Decides, with Karpenter's own code, which nodes a change of a NodePool or an EC2NodeClass makes drift: by the hash of their
// static fields, and for a NodePool by the controller that marks a NodeClaim as drifted, given the labels of its node.
package main

import (
	"context"
	"encoding/json"
	"log"
	"os"
	"time"

	aws "github.com/aws/karpenter-provider-aws/pkg/apis/v1"
	"github.com/awslabs/operatorpkg/status"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/utils/clock"
	"sigs.k8s.io/controller-runtime/pkg/client"
	karpenter "sigs.k8s.io/karpenter/pkg/apis/v1"
	"sigs.k8s.io/karpenter/pkg/cloudprovider"
	"sigs.k8s.io/karpenter/pkg/controllers/nodeclaim/disruption"
)

type change struct {
	Kind          string
	Before, After json.RawMessage
	// Labels of nodes that were made before the change.
	Nodes []map[string]string
}

type verdict struct {
	// The hash of the static fields is another one.
	Static bool
	// The controller marks the node of these labels as drifted.
	Nodes []bool
}

func main() {
	var changes []change
	if err := json.NewDecoder(os.Stdin).Decode(&changes); err != nil {
		log.Fatal(err)
	}
	verdicts := []verdict{}
	for _, it := range changes {
		found := verdict{Static: hash(it.Kind, it.Before) != hash(it.Kind, it.After), Nodes: []bool{}}
		for _, labels := range it.Nodes {
			found.Nodes = append(found.Nodes, drifts(it, labels))
		}
		verdicts = append(verdicts, found)
	}
	if err := json.NewEncoder(os.Stdout).Encode(verdicts); err != nil {
		log.Fatal(err)
	}
}

func hash(kind string, object json.RawMessage) string {
	if kind == "NodePool" {
		var pool karpenter.NodePool
		read(object, &pool)
		return pool.Hash()
	}
	var class aws.EC2NodeClass
	read(object, &class)
	return class.Hash(nil)
}

// Has the real controller look at a node that was made of the NodePool as it was.
func drifts(it change, labels map[string]string) bool {
	var before, after karpenter.NodePool
	read(it.Before, &before)
	read(it.After, &after)
	after.Annotations = hashed(after.Hash())
	all := map[string]string{karpenter.NodePoolLabelKey: "pool"}
	for key, value := range labels {
		all[key] = value
	}
	for key, value := range before.Spec.Template.Labels {
		all[key] = value
	}
	claim := &karpenter.NodeClaim{
		ObjectMeta: metav1.ObjectMeta{
			Name:              "claim",
			Labels:            all,
			Annotations:       hashed(before.Hash()),
			CreationTimestamp: metav1.NewTime(time.Now()),
		},
		Spec: karpenter.NodeClaimSpec{NodeClassRef: before.Spec.Template.Spec.NodeClassRef},
	}
	claim.StatusConditions(status.WithClock(clock.RealClock{})).SetTrue(karpenter.ConditionTypeLaunched)
	controller := disruption.NewController(clock.RealClock{}, pools{pool: &after}, provider{})
	if _, err := controller.Reconcile(context.Background(), claim); err != nil {
		log.Fatal(err)
	}
	return claim.StatusConditions().Get(karpenter.ConditionTypeDrifted).IsTrue()
}

func hashed(hash string) map[string]string {
	return map[string]string{
		karpenter.NodePoolHashAnnotationKey:        hash,
		karpenter.NodePoolHashVersionAnnotationKey: karpenter.NodePoolHashVersion,
	}
}

// An API server with one NodePool.
type pools struct {
	client.Client
	pool *karpenter.NodePool
}

func (it pools) Get(_ context.Context, _ client.ObjectKey, object client.Object, _ ...client.GetOption) error {
	it.pool.DeepCopyInto(object.(*karpenter.NodePool))
	return nil
}

func (it pools) Status() client.SubResourceWriter { return writer{} }

type writer struct{ client.SubResourceWriter }

func (writer) Patch(context.Context, client.Object, client.Patch, ...client.SubResourcePatchOption) error {
	return nil
}

// AWS, which has nothing against any node.
type provider struct{ cloudprovider.CloudProvider }

func (provider) GetSupportedNodeClasses() []status.Object {
	return []status.Object{&aws.EC2NodeClass{}}
}

func (provider) IsDrifted(context.Context, *karpenter.NodeClaim) (cloudprovider.DriftReason, error) {
	return "", nil
}

func read(object json.RawMessage, into any) {
	if err := json.Unmarshal(object, into); err != nil {
		log.Fatal(err)
	}
}
