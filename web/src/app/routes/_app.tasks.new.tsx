import { createFileRoute, redirect } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { Page } from '../../components/page.tsx';
import { PageLoader } from '../../components/page-loader.tsx';
import { ProblemAlert } from '../../components/problem-alert.tsx';
import { UploadArea } from '../../features/files/components/upload-area.tsx';
import { attachedIds, isBusy, readyFiles, useUploads } from '../../features/files/use-uploads.ts';
import { DraftActions } from '../../features/tasks/components/post/draft-actions.tsx';
import { DraftPosted } from '../../features/tasks/components/post/draft-posted.tsx';
import { PostTask } from '../../features/tasks/components/post/post-task.tsx';
import { useKeptDraft } from '../../features/tasks/use-kept-draft.ts';
import { useWallet } from '../../features/wallet/api/get-wallet.ts';
import { DepositDialog } from '../../features/wallet/components/deposit-dialog.tsx';
import { useUser } from '../../lib/session/index.ts';

export const Route = createFileRoute('/_app/tasks/new')({
  beforeLoad: ({ context }) => {
    const state = context.session.get();
    if (state.status === 'signed_in' && state.user.user_type !== 'buyer')
      redirect({ to: '/tasks', throw: true });
  },
  component: NewTaskPage,
});

/** Re-attaches the files of the stored draft, after a reload and when another tab has changed it. */
function useDraftWithFiles() {
  const kept = useKeptDraft(useUser().id);
  const uploads = useUploads();
  const { keeper, revision } = kept;
  const { attach } = uploads;
  const [shown, setShown] = useState<{ id: string; revision: number }>();
  const [error, setError] = useState<unknown>();
  const attached = attachedIds(uploads.uploads).join();
  useEffect(() => {
    const { id, files } = keeper.get().draft;
    attach(files).then(() => setShown({ id, revision }), setError);
  }, [attach, keeper, revision]);
  useEffect(() => {
    if (shown?.revision === keeper.get().revision)
      keeper.keep({ files: attached === '' ? [] : attached.split(',') });
  }, [attached, keeper, shown]);
  return { ...kept, uploads, shown, error };
}

function NewTaskPage() {
  const { keeper, saving, posted, uploads, shown, error } = useDraftWithFiles();
  const wallet = useWallet();
  const navigate = Route.useNavigate();
  if (!shown) return error ? <ProblemAlert error={error} /> : <PageLoader />;
  return (
    <Page
      title="Post a task"
      description="You see the answers before you pay for them."
      actions={<DraftActions keeper={keeper} saving={saving} />}
    >
      {posted === undefined ? (
        <PostTask
          key={shown.id}
          keeper={keeper}
          revision={shown.revision}
          files={readyFiles(uploads.uploads)}
          busy={isBusy(uploads.uploads)}
          uploads={<UploadArea uploads={uploads} />}
          balance={wallet.data?.balance_satoshis}
          deposit={(suggested, onDone) => <DepositDialog suggested={suggested} onDone={onDone} />}
          onPosted={(task) => void navigate({ to: '/tasks/$taskId', params: { taskId: task.id } })}
        />
      ) : (
        <DraftPosted taskId={posted} onStartAfresh={keeper.startAfresh} />
      )}
    </Page>
  );
}
