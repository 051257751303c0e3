"""Client of DukeNET, a marketplace for work done by a model that improves itself."""

from dukenet.client import DukeNet
from dukenet.errors import (
    ApiError,
    AuthenticationError,
    ConflictError,
    DukeNetError,
    FileRejectedError,
    InsufficientFundsError,
    NotFoundError,
    PermissionDeniedError,
    ServerError,
    TaskTimeoutError,
    ThrottledError,
    UnreachableError,
    ValidationError,
)
from dukenet.transport import Retries

__all__ = [
    "ApiError",
    "AuthenticationError",
    "ConflictError",
    "DukeNet",
    "DukeNetError",
    "FileRejectedError",
    "InsufficientFundsError",
    "NotFoundError",
    "PermissionDeniedError",
    "Retries",
    "ServerError",
    "TaskTimeoutError",
    "ThrottledError",
    "UnreachableError",
    "ValidationError",
]
