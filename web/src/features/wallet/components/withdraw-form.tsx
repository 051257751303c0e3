import { useWithdraw } from '../api/withdraw.ts';
import { TransferForm } from './transfer-form.tsx';

export function WithdrawForm() {
  const withdraw = useWithdraw();
  return <TransferForm transfer={withdraw} verb="Withdraw" done="withdrawn" suggested={100_000} />;
}
