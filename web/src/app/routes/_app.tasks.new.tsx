import { createFileRoute, redirect } from '@tanstack/react-router';
import { Page } from '../../components/page.tsx';
import { UploadArea } from '../../features/files/components/upload-area.tsx';
import { isBusy, readyFiles, useUploads } from '../../features/files/use-uploads.ts';
import { PostTask } from '../../features/tasks/components/post/post-task.tsx';
import { useWallet } from '../../features/wallet/api/get-wallet.ts';
import { DepositDialog } from '../../features/wallet/components/deposit-dialog.tsx';

export const Route = createFileRoute('/_app/tasks/new')({
  beforeLoad: ({ context }) => {
    const state = context.session.get();
    if (state.status === 'signed_in' && state.user.user_type !== 'buyer')
      redirect({ to: '/tasks', throw: true });
  },
  component: NewTaskPage,
});

function NewTaskPage() {
  const uploads = useUploads();
  const wallet = useWallet();
  const navigate = Route.useNavigate();
  return (
    <Page title="Post a task" description="You see the answers before you pay for them.">
      <PostTask
        files={readyFiles(uploads.uploads)}
        busy={isBusy(uploads.uploads)}
        uploads={<UploadArea uploads={uploads} />}
        balance={wallet.data?.balance_satoshis}
        deposit={(suggested, onDone) => <DepositDialog suggested={suggested} onDone={onDone} />}
        onPosted={(task) => void navigate({ to: '/tasks/$taskId', params: { taskId: task.id } })}
      />
    </Page>
  );
}
