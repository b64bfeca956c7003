import type { ButtonHTMLAttributes, ReactNode } from 'react';

type Props = Readonly<
  ButtonHTMLAttributes<HTMLButtonElement> & {
    look?: 'plain' | 'primary' | 'danger' | 'quiet';
    size?: 'small' | 'medium' | 'large';
    icon?: ReactNode;
  }
>;

export function Button({ look = 'plain', size = 'medium', icon, children, ...rest }: Props) {
  return (
    <button
      type="button"
      {...rest}
      className={`au-button au-button--${look} au-button--${size} ${rest.className ?? ''}`}
    >
      {icon}
      {children}
    </button>
  );
}
