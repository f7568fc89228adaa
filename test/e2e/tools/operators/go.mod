module operators

go 1.25

require (
	github.com/cloudnative-pg/cloudnative-pg v1.27.0
	github.com/elastic/cloud-on-k8s/v3 v3.5.0
	github.com/prometheus-operator/prometheus-operator v0.85.0
	github.com/rabbitmq/cluster-operator/v2 v2.16.0
)
