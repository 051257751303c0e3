import { createFileRoute } from '@tanstack/react-router';
import { LoginForm } from '../../features/identity/components/login-form.tsx';

export const Route = createFileRoute('/_auth/login')({ component: LoginForm });
