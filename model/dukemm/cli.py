"""Command line: `init` writes an untrained version; `serve`, `train` and `evaluate` run in SageMaker containers."""

import argparse
import json
import os
from pathlib import Path


def main(arguments: list[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    parser = argparse.ArgumentParser(prog="dukemm", description="Duke MM")
    commands = parser.add_subparsers(dest="command", required=True)

    init = commands.add_parser("init", help="write the artifact of an untrained version")
    init.add_argument("--output", type=Path, required=True, help="folder for model.tar.gz")
    init.add_argument("--preset", choices=["embedded", "tiny"], default="embedded")
    init.add_argument("--version", default="1")
    init.set_defaults(run=_init)

    serve = commands.add_parser("serve", help="answer /ping and /invocations")
    # SageMaker requires port 8080 on every interface; on a laptop use --host 127.0.0.1.
    serve.add_argument("--host", default="0.0.0.0")
    serve.add_argument("--port", type=int, default=8080)
    serve.add_argument("--registry", default=os.environ.get("DUKEMM_REGISTRY"), help="s3://bucket/prefix or file:///folder")
    serve.add_argument("--deadline-seconds", type=float, default=50.0, help="longest time for one request")
    serve.add_argument("--versions", type=int, default=3, help="most versions in memory")
    serve.set_defaults(run=_serve)

    evaluate = commands.add_parser(
        "evaluate", help="compare a candidate with the version in production; a SageMaker processing job"
    )
    inputs, output = Path("/opt/ml/processing/input"), Path("/opt/ml/processing/output")
    evaluate.add_argument("--data", type=Path, default=inputs / "data", help="folder with manifest.json and its shards")
    evaluate.add_argument("--candidate", type=Path, default=inputs / "candidate", help="folder with model.tar.gz")
    evaluate.add_argument(
        "--production", type=Path, default=inputs / "production", help="the same; absent for a first version"
    )
    evaluate.add_argument(
        "--curves", type=Path, default=inputs / "curves", help="folder with metrics.jsonl of the training"
    )
    evaluate.add_argument("--output", type=Path, default=output, help="folder for metrics.json and MODEL_CARD.md")
    evaluate.add_argument(
        "--message", type=Path, default=Path("/opt/ml/output/message"), help="file for the reason of a failure"
    )
    evaluate.add_argument(
        "--media", type=Path, help="folder whose files outcomes may refer to by file://; without it file:// is rejected"
    )
    evaluate.add_argument(
        "--importance-seconds", type=float, default=90.0, help="time limit for permutation importance; 0 skips it"
    )
    evaluate.add_argument(
        "--revenue-decides", action="store_true", help="archive a candidate that earns less than production, beyond noise"
    )
    evaluate.set_defaults(run=_evaluate)

    train = commands.add_parser("train", help="train a candidate on confirmed outcomes; a SageMaker training job")
    ml = Path("/opt/ml")
    train.add_argument("--data", type=Path, default=ml / "input/data/data", help="folder with manifest.json and its shards")
    train.add_argument(
        "--parent", type=Path, default=ml / "input/data/parent", help="folder with the parent's model.tar.gz"
    )
    train.add_argument("--model-dir", type=Path, default=ml / "model", help="folder for the files of the version")
    train.add_argument(
        "--output-dir", type=Path, default=ml / "output", help="folder for `failure`, the reason of a failure"
    )
    train.add_argument("--checkpoint-dir", type=Path, default=ml / "checkpoints", help="folder that outlives interruptions")
    train.add_argument("--hyperparameters", type=Path, default=ml / "input/config/hyperparameters.json")
    train.add_argument(
        "--media", type=Path, help="folder whose files outcomes may refer to by file://; without it file:// is rejected"
    )
    train.add_argument("--version", help="number of the new version")
    train.add_argument("--preset", choices=["embedded", "gpu", "tiny"])
    train.add_argument("--seed", type=int)
    train.add_argument(
        "--max-seconds", type=float, help="approximate time limit (default 3600); what is trained by then is used"
    )
    train.set_defaults(run=_train)

    parsed = parser.parse_args(arguments)
    return parsed.run(parsed)


def _init(parsed: argparse.Namespace) -> int:
    from dukemm.versions.artifact import write_first_version

    print(json.dumps(write_first_version(parsed.output, parsed.preset, parsed.version)))
    return 0


def _serve(parsed: argparse.Namespace) -> int:
    if not parsed.registry:
        print("dukemm serve needs --registry or DUKEMM_REGISTRY")
        return 2
    from dukemm.serve.run import run

    run(parsed.host, parsed.port, parsed.registry, parsed.deadline_seconds, parsed.versions)
    return 0


def _evaluate(parsed: argparse.Namespace) -> int:
    from dukemm.evaluate.command import run

    return run(parsed)


def _train(parsed: argparse.Namespace) -> int:
    from dukemm.train.command import run

    return run(parsed)
