"""What an AWS account lacks for a deployment of a stage. Reads only.

`npm run aws:preflight -- --stage prod` passes what the stage needs as JSON on stdin (scripts/aws-preflight.ts).
"""

import json
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

import botocore.session
from botocore.exceptions import BotoCoreError, ClientError

#: Creates a client of a service in a region.
Client = Callable[[str, str], Any]

#: Regions that CDK needs its bootstrap stack in, beside that of the stage: web ACL and certificate of CloudFront.
GLOBAL_REGION = "us-east-1"
BOOTSTRAP_PARAMETER = "/cdk-bootstrap/hnb659fds/version"
#: Oldest bootstrap stack that the templates of this version of CDK accept.
BOOTSTRAP_VERSION = 6
#: Concurrent executions of Lambda functions; new accounts have 10, of which one request of a page takes several.
LAMBDA_CONCURRENCY = 1000
CONCURRENCY_QUOTA = "Concurrent executions"

State = Literal["ok", "missing", "unknown"]


@dataclass(frozen=True)
class Finding:
    """One requirement: whether the account meets it, and otherwise what to do."""

    state: State
    requirement: str
    action: str = ""


@dataclass(frozen=True)
class Quota:
    """A quota of Service Quotas, by its name, and the value that a stage needs."""

    service: str
    name: str
    needed: int


def required_quotas(needs: dict[str, Any]) -> list[Quota]:
    """Quotas of the stage. Instances that need the same quota at the same time add up."""
    training = "spot training job" if needs["spot"] else "training job"
    sagemaker = [
        # One instance more than serves: an update starts it before it ends an old one.
        (f"{needs['endpoint_type']} for endpoint usage", needs["endpoint_count"] + 1),
        (f"{needs['training_type']} for {training} usage", 1),
        (f"{needs['evaluation_type']} for processing job usage", 1),
    ]
    return [
        *(Quota("sagemaker", name, needed) for name, needed in sagemaker),
        Quota("lambda", CONCURRENCY_QUOTA, LAMBDA_CONCURRENCY),
    ]


def check_quotas(client: Client, region: str, quotas: list[Quota]) -> Iterator[Finding]:
    """Compare applied quotas with the needed ones; a quota that is not listed is reported as unknown."""
    quota_client = client("service-quotas", region)
    for service in dict.fromkeys(quota.service for quota in quotas):
        pages = quota_client.get_paginator("list_service_quotas").paginate(ServiceCode=service)
        applied = {entry["QuotaName"]: entry for page in pages for entry in page["Quotas"]}
        for quota in quotas:
            if quota.service == service:
                yield _compare(quota, applied.get(quota.name), region)


def _compare(quota: Quota, applied: dict[str, Any] | None, region: str) -> Finding:
    requirement = f"quota of {quota.service}: {quota.name} ≥ {quota.needed}"
    if applied is None:
        return Finding(
            "unknown", requirement, f"Service Quotas lists no such quota in {region}: is the instance type offered?"
        )
    if applied["Value"] >= quota.needed:
        return Finding("ok", f"{requirement} (is {applied['Value']:g})")
    return Finding(
        "missing",
        f"{requirement} (is {applied['Value']:g})",
        f"aws service-quotas request-service-quota-increase --region {region} --service-code {quota.service}"
        f" --quota-code {applied['QuotaCode']} --desired-value {quota.needed}",
    )


def check_bootstrap(client: Client, region: str, account: str) -> Finding:
    """Whether CDK was bootstrapped in a region, in a version that can deploy."""
    requirement = f"CDK bootstrap of {region}, version {BOOTSTRAP_VERSION} or later"
    try:
        version = int(client("ssm", region).get_parameter(Name=BOOTSTRAP_PARAMETER)["Parameter"]["Value"])
    except ClientError as error:
        if error.response["Error"]["Code"] != "ParameterNotFound":
            raise
        version = 0
    if version >= BOOTSTRAP_VERSION:
        return Finding("ok", f"{requirement} (is {version})")
    return Finding("missing", requirement, f"npx cdk bootstrap aws://{account}/{region}")


def check_deployer(client: Client, region: str, caller_arn: str, account: str) -> Finding:
    """Whether the caller may assume the roles of the CDK bootstrap, which is all that a deployment needs."""
    kinds = ("deploy-role", "file-publishing-role", "image-publishing-role", "lookup-role")
    roles = [f"arn:aws:iam::{account}:role/cdk-hnb659fds-{kind}-{account}-{region}" for kind in kinds]
    requirement = f"permission to assume the roles of CDK in {region}"
    principal = principal_of(caller_arn)
    if principal is None:
        return Finding("unknown", requirement, f"{caller_arn} is not a user or role: use one, not the root user")
    pages = client("iam", region).get_paginator("simulate_principal_policy")
    results = [
        result
        for page in pages.paginate(PolicySourceArn=principal, ActionNames=["sts:AssumeRole"], ResourceArns=roles)
        for result in page["EvaluationResults"]
    ]
    denied = [result["EvalResourceName"] for result in results if result["EvalDecision"] != "allowed"]
    if not denied:
        return Finding("ok", requirement)
    return Finding("missing", requirement, f"allow {principal} sts:AssumeRole on {', '.join(denied)}")


def principal_of(caller_arn: str) -> str | None:
    """ARN of the user or role behind a caller: `assumed-role/<role>/<session>` → `role/<role>`. None for the root user.

    Roles of IAM Identity Center lie in a path that the caller's ARN does not name.
    """
    prefix, _, resource = caller_arn.partition("::")
    account, _, name = resource.partition(":")
    kind, *parts = name.split("/")
    if kind == "user":
        return caller_arn
    if kind != "assumed-role":
        return None
    path = "aws-reserved/sso.amazonaws.com/" if parts[0].startswith("AWSReservedSSO_") else ""
    return f"{prefix.replace(':sts', ':iam')}::{account}:role/{path}{parts[0]}"


def check_mail(client: Client, region: str, sender: str | None) -> Iterator[Finding]:
    """E-mails of SES. Codes of sign-up are sent by Cognito, 50 a day."""
    if sender is None:
        yield Finding("unknown", "sender of e-mails", "set DUKENET_MAIL_FROM; without it, agents and buyers are sent none")
        return
    ses = client("sesv2", region)
    account = ses.get_account()
    yield Finding(
        "ok" if account["ProductionAccessEnabled"] else "missing",
        "SES out of its sandbox",
        ""
        if account["ProductionAccessEnabled"]
        else "aws sesv2 put-account-details --production-access-enabled …, answered within a day",
    )
    requirement = f"SES may send as {sender}"
    try:
        verified = ses.get_email_identity(EmailIdentity=sender.partition("@")[2])["VerifiedForSendingStatus"]
    except ClientError as error:
        if error.response["Error"]["Code"] != "NotFoundException":
            raise
        verified = False
    domain = sender.partition("@")[2]
    action = (
        ""
        if verified
        else f"aws sesv2 create-email-identity --region {region} --email-identity {domain}, then its DNS records"
    )
    yield Finding("ok" if verified else "missing", requirement, action)


def check_domain(client: Client, domain: dict[str, str] | None) -> Finding:
    """The hosted zone of the domain exists and holds the domain."""
    if domain is None:
        return Finding("ok", "no domain: CloudFront names the stage")
    requirement = f"hosted zone {domain['hostedZoneId']} holds {domain['name']}"
    try:
        zone = client("route53", GLOBAL_REGION).get_hosted_zone(Id=domain["hostedZoneId"])["HostedZone"]
    except ClientError as error:
        if error.response["Error"]["Code"] != "NoSuchHostedZone":
            raise
        return Finding("missing", requirement, "create the hosted zone, or set DUKENET_HOSTED_ZONE_ID to an existing one")
    zone_name = zone["Name"].rstrip(".")
    holds = domain["name"] == zone_name or domain["name"].endswith(f".{zone_name}")
    public = not zone["Config"]["PrivateZone"]
    if holds and public and zone_name == domain["zoneName"]:
        return Finding("ok", requirement)
    return Finding("missing", requirement, f"the zone is {'public' if public else 'private'} and named {zone_name}")


def findings(needs: dict[str, Any], client: Client) -> Iterator[Finding]:
    """All findings, in the order in which they are best dealt with."""
    region = needs["region"]
    caller = client("sts", region).get_caller_identity()
    account = caller["Account"]
    for where in dict.fromkeys((region, GLOBAL_REGION)):
        yield check_bootstrap(client, where, account)
        yield check_deployer(client, where, caller["Arn"], account)
    yield from check_quotas(client, region, required_quotas(needs))
    yield from check_mail(client, region, needs.get("mail_from"))
    yield check_domain(client, needs.get("domain"))
    docker = shutil.which("docker") is not None
    yield Finding(
        "ok" if docker else "missing", "Docker, for the model's image", "" if docker else "install Docker or Finch"
    )


def main() -> int:
    """Print all findings; 1 if something is missing, 2 if AWS could not be asked."""
    needs = json.load(sys.stdin)
    session = botocore.session.get_session()
    signs = {"ok": "✓", "missing": "✗", "unknown": "?"}
    missing = 0
    try:
        for finding in findings(needs, lambda service, region: session.create_client(service, region_name=region)):
            missing += finding.state == "missing"
            print(f"{signs[finding.state]} {finding.requirement}" + (f"\n    {finding.action}" if finding.action else ""))
    except (BotoCoreError, ClientError) as error:
        print(f"AWS could not be asked: {error}", file=sys.stderr)
        return 2
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
