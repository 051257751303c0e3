import { AnchorLink } from '../../../components/links.tsx';
import { useUserById } from '../api/find-user.ts';

/** The e-mail address of an account, or its id until the address is there. */
export function AccountName({ id }: { readonly id: string }) {
  const { data } = useUserById(id);
  return (
    <AnchorLink to="/admin/users" search={{ q: id }} size="sm">
      {data?.email ?? id}
    </AnchorLink>
  );
}
