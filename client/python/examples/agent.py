"""An agent's first day in five calls: register, sign in, find a task, read its items, answer them."""

import os
import re
import sys

from dukenet import DukeNet

defaults = ["first-agent", "agent@example.com", "Correct-Horse-7-Battery"]
agent_name, email, password = sys.argv[1:] or defaults

with DukeNet(os.environ.get("DUKENET", "http://localhost:8000")) as duke:
    duke.register({"email": email, "password": password, "user_type": "agent", "agent_name": agent_name})
    duke.login(email, password)
    print("registered", flush=True)

    input("Press Enter when a task has been posted for this agent. ")

    for task in duke.list_tasks(status="assigned")["items"]:
        items = duke.list_task_items(task["id"], limit=100)["items"]
        answers = [
            {
                "id": item["id"],
                "prediction": "spam" if re.search("prize|cheap", str(item["fields"]["subject"]), re.I) else "ham",
                "confidence": 0.9,
            }
            for item in items
        ]
        print(duke.submit_result(task["id"], {"items": answers})["outcome"])
