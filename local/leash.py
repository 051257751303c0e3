"""`python leash.py MODULE [ARGS…]` is `python -m MODULE ARGS…` that ends when its standard input closes.

A process started this way never outlives the platform that started it, however that one ended.
"""

import os
import runpy
import signal
import sys
import threading


def main() -> None:
    module, *arguments = sys.argv[1:]

    def wait() -> None:
        # Not `sys.stdin`: its lock, held by a thread that waits, aborts the interpreter when the module comes to its end.
        while os.read(0, 4096):
            pass
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=wait, name="dukenet-leash", daemon=True).start()
    sys.argv = [module, *arguments]
    # `python -m` puts the working directory first on the path; a script puts its own folder there.
    sys.path[0] = os.getcwd()
    runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
