"""A write-ahead journal for MiniStack: what a service acknowledged survives the end of the process, however it ended.

MiniStack keeps its state in memory and saves it on a clean stop. Here every change of tables, queues, accounts and
executions is appended to a file before the response that acknowledges it is sent.

- `frames`: how records lie in a file, and how a file that ends in the middle of a record is read.
- `folder`: the files of one journal: loading, appending, starting a new file, replacing old files by a short one.
- `compaction`: that replacement, in a process of its own.
- `tables`, `queues`, `accounts`, `executions`: which records a service's state consists of, and which of them changed.
- `configuration`: everything else, one record for each service.
- `objects`: the files of S3, which MiniStack writes itself.
- `recorder`: writes what changed before each response, and forces it to the disk every second.

A record is a key and a JSON value; the last value of a key counts, and `None` removes the key. The records of one write
are one frame with a checksum, so they are all there after a restart or none is.
"""
