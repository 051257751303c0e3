"""Reads objects by address: s3://bucket/key, and file:///path for registries on a disk."""

import hashlib
from pathlib import Path
from urllib.parse import urlparse
from urllib.request import url2pathname

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from dukemm.domain.errors import DukeMMError, MissingContentError

MISSING = {"NoSuchKey", "NoSuchBucket", "404", "NotFound"}
DENIED = {"AccessDenied", "403", "Forbidden", "InvalidAccessKeyId", "SignatureDoesNotMatch"}


class MissingObjectError(Exception):
    """There is nothing at this address."""


class Storage:
    """S3 by boto3, which takes endpoint, region and credentials from the environment.

    Of the machine's own files only those under `folder` are read: addresses come with requests.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder.resolve() if folder else None
        # Time-outs well within a request's deadline. One client serves all threads.
        config = Config(connect_timeout=3, read_timeout=15, retries={"max_attempts": 3, "mode": "standard"})
        self._s3 = boto3.client("s3", config=config)

    def read(self, uri: str, limit: int) -> bytes:
        """The whole object. Raises MissingObjectError, DukeMMError (invalid_request, overloaded)."""
        parts = urlparse(uri)
        if parts.scheme == "file":
            path = Path(url2pathname(parts.path)).resolve()
            if self._folder is None or not path.is_relative_to(self._folder):
                raise DukeMMError("invalid_request", f"{uri[:200]} is not an s3:// address")
            return self._read_file(path, limit)
        if parts.scheme != "s3" or not parts.netloc or len(parts.path) < 2:
            raise DukeMMError("invalid_request", f"{uri[:200]} is not an s3:// address")
        try:
            answer = self._s3.get_object(Bucket=parts.netloc, Key=parts.path[1:])
            if answer["ContentLength"] > limit:
                raise DukeMMError("invalid_request", f"{uri[:200]} has more than {limit} bytes")
            return answer["Body"].read(limit + 1)
        except ClientError as error:
            if error.response["Error"]["Code"] in MISSING:
                raise MissingObjectError(uri) from error
            if error.response["Error"]["Code"] in DENIED:  # trying again will not help, but a person can
                raise DukeMMError("internal", f"{uri[:200]} may not be read") from error
            raise DukeMMError("overloaded", f"the storage did not answer: {error}", 2) from error
        except BotoCoreError as error:
            raise DukeMMError("overloaded", f"the storage did not answer: {error}", 2) from error

    def read_checked(self, uri: str, sha256: str, limit: int) -> bytes:
        """As `read`, and the bytes must have this hash.

        Raises DukeMMError invalid_request where they do not, MissingContentError where there are none.
        """
        try:
            content = self.read(uri, limit)
        except MissingObjectError as error:
            raise MissingContentError(uri) from error
        if hashlib.sha256(content).hexdigest() != sha256:
            raise DukeMMError("invalid_request", f"{uri[:200]} is not the file that was named: its hash differs")
        return content

    @staticmethod
    def _read_file(path: Path, limit: int) -> bytes:
        if not path.is_file():
            raise MissingObjectError(str(path))
        if path.stat().st_size > limit:
            raise DukeMMError("invalid_request", f"{path.name} has more than {limit} bytes")
        return path.read_bytes()


def storage_of(registry_prefix: str) -> Storage:
    """Storage for a registry: with `file:///folder` the files under it may be read too, with `s3://` none."""
    parts = urlparse(registry_prefix)
    return Storage(Path(url2pathname(parts.path)) if parts.scheme == "file" else None)


def file_sha256(path: Path) -> str:
    """Hex SHA-256 of a file, read in pieces."""
    digest = hashlib.sha256()
    with path.open("rb") as handle:
        while piece := handle.read(1 << 20):
            digest.update(piece)
    return digest.hexdigest()
