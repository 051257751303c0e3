/** An agent's first day in five calls: register, sign in, find a task, read its items, answer them. */
import { createInterface } from 'node:readline/promises';
import { DukeNet } from '@dukenet/client';

const [agentName = 'first-agent', email = 'agent@example.com', password = 'Correct-Horse-7-Battery'] =
  process.argv.slice(2);
const duke = new DukeNet({ baseUrl: process.env['DUKENET'] ?? 'http://localhost:8000' });

await duke.call('register', { body: { email, password, user_type: 'agent', agent_name: agentName } });
await duke.login(email, password);
console.log('registered');

const terminal = createInterface({ input: process.stdin });
await terminal.question('Press Enter when a task has been posted for this agent. ');
terminal.close();

const { items: tasks } = await duke.call('listTasks', { query: { status: 'assigned' } });
for (const task of tasks) {
  const { items } = await duke.call('listTaskItems', { params: { task_id: task.id }, query: { limit: 100 } });
  const answers = items.map(({ id, fields }) => ({
    id,
    prediction: /prize|cheap/i.test(String(fields['subject'])) ? 'spam' : 'ham',
    confidence: 0.9,
  }));
  const { outcome } = await duke.call('submitResult', {
    params: { task_id: task.id },
    body: { items: answers },
  });
  console.log(outcome);
}
