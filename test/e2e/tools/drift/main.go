// Decides, with Karpenter's own types, whether a change of a NodePool or an EC2NodeClass makes nodes drift: the hash of
// their static fields, which the controllers compare with the one that a node was made with.
package main

import (
	"encoding/json"
	"log"
	"os"

	aws "github.com/aws/karpenter-provider-aws/pkg/apis/v1"
	karpenter "sigs.k8s.io/karpenter/pkg/apis/v1"
)

type change struct {
	Kind          string
	Before, After json.RawMessage
}

func main() {
	var changes []change
	if err := json.NewDecoder(os.Stdin).Decode(&changes); err != nil {
		log.Fatal(err)
	}
	drifts := []bool{}
	for _, it := range changes {
		drifts = append(drifts, hash(it.Kind, it.Before) != hash(it.Kind, it.After))
	}
	if err := json.NewEncoder(os.Stdout).Encode(drifts); err != nil {
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

func read(object json.RawMessage, into any) {
	if err := json.Unmarshal(object, into); err != nil {
		log.Fatal(err)
	}
}
