"""Each request and answer here is validated by botocore against the model of its service."""

import sys
from pathlib import Path

import botocore.session
import pytest
from botocore.stub import Stubber

sys.path.insert(0, str(Path(__file__).parents[1]))

from preflight import (
    GLOBAL_REGION,
    Quota,
    check_bootstrap,
    check_deployer,
    check_domain,
    check_mail,
    check_quotas,
    findings,
    principal_of,
    required_quotas,
)

REGION = "eu-central-1"
ACCOUNT = "123456789012"
USER = f"arn:aws:iam::{ACCOUNT}:user/admin"
#: Of prod, as scripts/aws-preflight.ts passes it.
NEEDS = {
    "region": REGION,
    "endpoint_type": "ml.g5.xlarge",
    "endpoint_count": 2,
    "training_type": "ml.g5.2xlarge",
    "evaluation_type": "ml.g5.xlarge",
    "spot": True,
}


class Aws:
    """Clients whose answers a test states, by service and region, in order."""

    def __init__(self):
        self._session = botocore.session.get_session()
        self._session.set_credentials("id", "secret")
        self._stubs = {}

    def stub(self, service, region=REGION):
        key = (service, region)
        if key not in self._stubs:
            client = self._session.create_client(service, region_name=region)
            stubber = Stubber(client)
            stubber.activate()
            self._stubs[key] = (client, stubber)
        return self._stubs[key][1]

    def __call__(self, service, region):
        self.stub(service, region)
        return self._stubs[service, region][0]

    def assert_all_asked(self):
        for _, stubber in self._stubs.values():
            stubber.assert_no_pending_responses()


@pytest.fixture
def aws():
    clients = Aws()
    yield clients
    clients.assert_all_asked()


def quota(name, value, code="L-12345678", service="sagemaker"):
    return {"ServiceCode": service, "QuotaName": name, "QuotaCode": code, "Value": value}


def test_a_new_account_gets_the_quotas_to_request(aws):
    name = "ml.g5.xlarge for endpoint usage"
    stub = aws.stub("service-quotas")
    # Two pages: the quota of the endpoint is on the second.
    first = {"ServiceCode": "sagemaker"}
    stub.add_response("list_service_quotas", {"Quotas": [quota("other", 5.0)], "NextToken": "next"}, first)
    stub.add_response("list_service_quotas", {"Quotas": [quota(name, 0.0)]}, {**first, "NextToken": "next"})
    [finding] = check_quotas(aws, REGION, [Quota("sagemaker", name, 3)])
    assert finding.state == "missing"
    assert finding.action.endswith("--service-code sagemaker --quota-code L-12345678 --desired-value 3")


@pytest.mark.parametrize(("value", "state"), [(2.0, "missing"), (3.0, "ok"), (100.0, "ok")])
def test_a_quota_suffices_from_the_needed_value_on(aws, value, state):
    aws.stub("service-quotas").add_response("list_service_quotas", {"Quotas": [quota("a", value)]})
    assert [found.state for found in check_quotas(aws, REGION, [Quota("sagemaker", "a", 3)])] == [state]


def test_an_instance_type_that_the_region_lacks_is_reported(aws):
    aws.stub("service-quotas").add_response("list_service_quotas", {"Quotas": []})
    assert [found.state for found in check_quotas(aws, REGION, [Quota("sagemaker", "a", 1)])] == ["unknown"]


def test_an_update_needs_one_more_instance_and_spot_has_its_own_quota():
    needed = {quota.name: quota.needed for quota in required_quotas(NEEDS)}
    assert needed["ml.g5.xlarge for endpoint usage"] == 3
    assert "ml.g5.2xlarge for spot training job usage" in needed
    assert "ml.g5.2xlarge for training job usage" in {q.name for q in required_quotas({**NEEDS, "spot": False})}


def test_a_region_without_bootstrap_gets_the_command(aws):
    aws.stub("ssm").add_client_error("get_parameter", "ParameterNotFound")
    finding = check_bootstrap(aws, REGION, ACCOUNT)
    assert (finding.state, finding.action) == ("missing", f"npx cdk bootstrap aws://{ACCOUNT}/{REGION}")


def test_an_error_of_aws_is_not_reported_as_a_missing_bootstrap(aws):
    aws.stub("ssm").add_client_error("get_parameter", "AccessDeniedException")
    with pytest.raises(Exception, match="AccessDenied"):
        check_bootstrap(aws, REGION, ACCOUNT)


def simulated(decision, role="deploy-role"):
    arn = f"arn:aws:iam::{ACCOUNT}:role/cdk-hnb659fds-{role}-{ACCOUNT}-{REGION}"
    return {"EvalActionName": "sts:AssumeRole", "EvalResourceName": arn, "EvalDecision": decision}


def test_a_caller_without_permission_gets_the_role_to_allow(aws):
    answer = {"EvaluationResults": [simulated("allowed"), simulated("implicitDeny", "lookup-role")]}
    aws.stub("iam").add_response("simulate_principal_policy", answer)
    finding = check_deployer(aws, REGION, USER, ACCOUNT)
    assert finding.state == "missing"
    assert "lookup-role" in finding.action
    assert "deploy-role" not in finding.action


@pytest.mark.parametrize(
    ("caller", "principal"),
    [
        (USER, USER),
        (f"arn:aws:sts::{ACCOUNT}:assumed-role/deployer/ci", f"arn:aws:iam::{ACCOUNT}:role/deployer"),
        (
            f"arn:aws:sts::{ACCOUNT}:assumed-role/AWSReservedSSO_Admin_0123/me",
            f"arn:aws:iam::{ACCOUNT}:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Admin_0123",
        ),
        (f"arn:aws:iam::{ACCOUNT}:root", None),
    ],
)
def test_the_principal_of_a_session_is_its_role(caller, principal):
    assert principal_of(caller) == principal


def test_mail_in_the_sandbox_from_an_unverified_domain(aws):
    aws.stub("sesv2").add_response("get_account", {"ProductionAccessEnabled": False})
    aws.stub("sesv2").add_client_error("get_email_identity", "NotFoundException")
    assert [found.state for found in check_mail(aws, REGION, "notices@example.com")] == ["missing", "missing"]


def test_a_stage_without_a_sender_needs_no_mail_settings(aws):
    assert [found.state for found in check_mail(aws, REGION, None)] == ["unknown"]


DOMAIN = {"name": "duke.example.com", "hostedZoneId": "Z0123", "zoneName": "example.com"}


@pytest.mark.parametrize(
    ("name", "private", "state"),
    [("example.com.", False, "ok"), ("example.com.", True, "missing"), ("example.org.", False, "missing")],
)
def test_the_hosted_zone_must_hold_the_domain(aws, name, private, state):
    zone = {"Id": "/hostedzone/Z0123", "Name": name, "CallerReference": "r", "Config": {"PrivateZone": private}}
    aws.stub("route53", GLOBAL_REGION).add_response("get_hosted_zone", {"HostedZone": zone}, {"Id": "Z0123"})
    assert check_domain(aws, DOMAIN).state == state


def test_a_ready_account_lacks_nothing_but_docker(aws, monkeypatch):
    monkeypatch.setattr("shutil.which", lambda _name: "/usr/bin/docker")
    aws.stub("sts").add_response("get_caller_identity", {"UserId": "u", "Account": ACCOUNT, "Arn": USER})
    for region in (REGION, GLOBAL_REGION):
        aws.stub("ssm", region).add_response("get_parameter", {"Parameter": {"Value": "28"}})
        aws.stub("iam", region).add_response("simulate_principal_policy", {"EvaluationResults": [simulated("allowed")]})
    quotas = required_quotas(NEEDS)
    for service in ("sagemaker", "lambda"):
        listed = [quota(q.name, float(q.needed), service=service) for q in quotas if q.service == service]
        aws.stub("service-quotas").add_response("list_service_quotas", {"Quotas": listed}, {"ServiceCode": service})
    assert {found.state for found in findings(NEEDS, aws)} == {"ok", "unknown"}
