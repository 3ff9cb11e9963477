// A custom resource as a task: Windlass applies it, watches its status and deletes it. It needs a cluster with the Spark operator, and
// workers with the right to use its resources (k8s/components/custom-resources). Anything with a status works the same way.
import { dag, run } from "windlass";

export default dag("spark_pi", { description: "A SparkApplication", tags: ["example"] }, d => {
  d.resource("pi", {
    manifest: {
      apiVersion: "sparkoperator.k8s.io/v1beta2",
      kind: "SparkApplication",
      metadata: { labels: { day: run.ds } },
      spec: {
        type: "Scala",
        mode: "cluster",
        image: "apache/spark:3.5.3",
        mainClass: "org.apache.spark.examples.SparkPi",
        mainApplicationFile: "local:///opt/spark/examples/jars/spark-examples_2.12-3.5.3.jar",
        sparkVersion: "3.5.3",
        driver: { cores: 1, memory: "512m", serviceAccount: "spark" },
        executor: { cores: 1, instances: 1, memory: "512m" },
      },
    },
    success: { path: "status.applicationState.state", in: ["COMPLETED"] },
    failure: { path: "status.applicationState.state", in: ["FAILED", "SUBMISSION_FAILED"] },
    timeout: "1h",
  });
});
