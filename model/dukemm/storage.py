"""Reads objects by URI: s3://bucket/key, or file:///path for a registry on disk."""

import hashlib
from pathlib import Path
from urllib.parse import urlparse
from urllib.request import url2pathname

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from dukemm.domain.errors import DukeMMError, MissingContentError

_MISSING_CODES = {"NoSuchKey", "NoSuchBucket", "404", "NotFound"}
_DENIED_CODES = {"AccessDenied", "403", "Forbidden", "InvalidAccessKeyId", "SignatureDoesNotMatch"}


class MissingObjectError(Exception):
    """There is no object at this URI."""


class Storage:
    """Reads from S3 by boto3, with endpoint, region and credentials from the environment, and from one local folder.

    Local files outside `folder` are rejected, as URIs come from requests.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder.resolve() if folder else None
        # Timeouts are well below a request's deadline. The client is thread-safe.
        config = Config(connect_timeout=3, read_timeout=15, retries={"max_attempts": 3, "mode": "standard"})
        self._s3 = boto3.client("s3", config=config)

    def read(self, uri: str, limit: int) -> bytes:
        """Read an object of at most `limit` bytes.

        Raises MissingObjectError, DukeMMError (invalid_request, overloaded, internal).
        """
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
            if error.response["Error"]["Code"] in _MISSING_CODES:
                raise MissingObjectError(uri) from error
            if error.response["Error"]["Code"] in _DENIED_CODES:  # a retry does not help; needs an operator
                raise DukeMMError("internal", f"access to {uri[:200]} is denied") from error
            raise DukeMMError("overloaded", f"the storage did not answer: {error}", 2) from error
        except BotoCoreError as error:
            raise DukeMMError("overloaded", f"the storage did not answer: {error}", 2) from error

    def read_checked(self, uri: str, sha256: str, limit: int) -> bytes:
        """Read an object and check its hash.

        Raises DukeMMError invalid_request if the hash differs, MissingContentError if there is no object, and as `read`.
        """
        try:
            content = self.read(uri, limit)
        except MissingObjectError as error:
            raise MissingContentError(uri) from error
        if hashlib.sha256(content).hexdigest() != sha256:
            raise DukeMMError("invalid_request", f"{uri[:200]} has another hash (SHA-256) than the request says")
        return content

    @staticmethod
    def _read_file(path: Path, limit: int) -> bytes:
        if not path.is_file():
            raise MissingObjectError(str(path))
        if path.stat().st_size > limit:
            raise DukeMMError("invalid_request", f"{path.name} has more than {limit} bytes")
        return path.read_bytes()


def open_storage(registry_prefix: str) -> Storage:
    """Storage for a registry; for `file:///folder` it may read local files below that folder."""
    parts = urlparse(registry_prefix)
    return Storage(Path(url2pathname(parts.path)) if parts.scheme == "file" else None)


def file_sha256(path: Path) -> str:
    """Hex SHA-256 of a file, read in blocks."""
    digest = hashlib.sha256()
    with path.open("rb") as handle:
        while block := handle.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()
