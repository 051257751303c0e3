"""The files of the journal: what is read back after every way in which writing them can end."""

import errno
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest
from journal import folder as folders
from journal.folder import Folder, JournalInUseError
from journal.frames import MAGIC, DamagedJournalError, encode, read


def filled(path: Path, frames: int = 20, **options) -> dict:
    """A journal with some frames, closed as a kill leaves it."""
    journal = Folder(path, **options)
    records = journal.load()
    for number in range(frames):
        change = [(("item", str(number % 7)), {"n": number}), (("message", str(number)), "m" * 40)]
        journal.append(change)
        records.update(change)
    kill(journal)
    return records


def kill(journal: Folder) -> None:
    """Ends what a kill ends: the hold on the folder and nothing else."""
    os.close(journal._lock)
    os.close(journal._file)


def last_log(path: Path) -> Path:
    return max(path.glob("*.log"))


def reopened(path: Path) -> dict:
    journal = Folder(path)
    records = journal.load()
    journal.close()
    return records


def test_appended_records_survive_a_kill_and_a_restart_without_changes(tmp_path):
    expected = filled(tmp_path)
    assert reopened(tmp_path) == expected
    assert reopened(tmp_path) == expected


def test_a_key_without_value_is_removed(tmp_path):
    journal = Folder(tmp_path)
    journal.load()
    journal.append([(("item", "a"), 1), (("item", "b"), 2)])
    journal.append([(("item", "a"), None)])
    journal.close()
    assert reopened(tmp_path) == {("item", "b"): 2}


@pytest.mark.parametrize("kept", range(1, 84, 4))
def test_a_frame_truncated_at_any_byte_is_dropped_and_earlier_frames_stay(tmp_path, kept):
    before = filled(tmp_path, frames=5)
    journal = Folder(tmp_path)
    journal.load()
    frame = encode([(("item", "new"), "x" * 30), (("item", "0"), "changed")])
    assert kept < len(frame)
    os.write(journal._file, frame[:kept])
    kill(journal)
    assert reopened(tmp_path) == before


def test_garbage_at_the_end_is_dropped_whatever_it_is(tmp_path):
    random.seed(7)
    for number in range(60):
        path = tmp_path / str(number)
        before = filled(path, frames=3)
        with last_log(path).open("ab") as file:
            file.write(random.randbytes(random.randrange(1, 200)))
        assert reopened(path) == before


def test_a_file_with_an_incomplete_first_line_is_empty(tmp_path):
    before = filled(tmp_path, frames=3)
    journal = Folder(tmp_path)
    journal.load()
    kill(journal)
    last_log(tmp_path).write_bytes(MAGIC[:5])
    assert reopened(tmp_path) == before


def test_writing_continues_after_a_truncation(tmp_path):
    filled(tmp_path, frames=2)
    with last_log(tmp_path).open("ab") as file:
        file.write(b"\x07\x00\x00")
    journal = Folder(tmp_path)
    journal.load()
    journal.append([(("item", "after"), 1)])
    kill(journal)
    assert reopened(tmp_path)[("item", "after")] == 1


def test_damage_in_a_file_that_was_complete_stops_the_start_with_the_reason(tmp_path):
    filled(tmp_path)
    reopened(tmp_path)
    base = next(tmp_path.glob("*.base"))
    content = bytearray(base.read_bytes())
    content[len(content) // 2] ^= 1
    base.write_bytes(content)
    with pytest.raises(DamagedJournalError, match=r"damaged at byte \d+ of \d+.*--reset"):
        Folder(tmp_path).load()


def test_two_processes_cannot_use_one_folder(tmp_path):
    journal = Folder(tmp_path)
    with pytest.raises(JournalInUseError):
        Folder(tmp_path)
    journal.load()
    journal.close()
    reopened(tmp_path)


def test_a_full_disk_leaves_no_part_of_a_frame(tmp_path, monkeypatch):
    journal = Folder(tmp_path)
    journal.load()
    journal.append([(("item", "a"), 1)])
    write, taken = os.write, []

    def ten_bytes_and_no_more(file: int, data: memoryview) -> int:
        if taken:
            raise OSError(errno.ENOSPC, "No space left on device")
        taken.append(write(file, data[:10]))
        return taken[0]

    monkeypatch.setattr(folders.os, "write", ten_bytes_and_no_more)
    with pytest.raises(OSError, match="No space left"):
        journal.append([(("item", "b"), 2)])
    monkeypatch.undo()
    kill(journal)
    assert read(last_log(tmp_path)).is_whole
    assert reopened(tmp_path) == {("item", "a"): 1}


def test_the_journal_has_a_bounded_size_however_often_a_key_changes(tmp_path):
    smallest = 20_000
    journal = Folder(tmp_path, smallest_compaction_bytes=smallest)
    journal.load()
    most = 0
    for number in range(1200):
        journal.append([(("item", str(number % 10)), {"n": number, "text": "x" * 100})])
        journal.compact_when_large()
        if journal._compacting:
            journal._compacting.join()
        most = max(most, journal.total_bytes)
    assert most < 3 * smallest
    kill(journal)
    assert reopened(tmp_path) == {
        ("item", str(number % 10)): {"n": number, "text": "x" * 100} for number in range(1190, 1200)
    }


def test_a_kill_at_any_step_of_compacting_loses_nothing(tmp_path):
    expected = filled(tmp_path, frames=30)
    log = last_log(tmp_path)
    content = log.read_bytes()
    # Written but not yet renamed.
    (tmp_path / "000001.999.tmp").write_bytes(b"half a file")
    assert reopened(tmp_path) == expected
    # Renamed, but what it replaces is not removed yet.
    log.write_bytes(content)
    assert reopened(tmp_path) == expected
    assert not list(tmp_path.glob("*.tmp"))


def test_records_of_a_killed_process_are_read(tmp_path):
    """SIGKILL in the middle of writing: every append that returned is there."""
    program = (
        "import sys; sys.path.insert(0, sys.argv[2])\n"
        "from pathlib import Path; from journal.folder import Folder\n"
        "journal = Folder(Path(sys.argv[1])); journal.load()\n"
        "for n in range(10**9):\n"
        "    journal.append([(('item', str(n)), 'x' * 1000)])\n"
        "    print(n, flush=True)\n"
    )
    source = str(Path(__file__).parent.parent)
    with subprocess.Popen(
        [sys.executable, "-c", program, str(tmp_path), source], stdout=subprocess.PIPE, text=True
    ) as process:
        for _ in range(500):
            acknowledged = int(process.stdout.readline())
        process.kill()
    assert {("item", str(n)) for n in range(acknowledged + 1)} <= reopened(tmp_path).keys()
