import type { Application } from './model';

export function renderApplication({ id, name, description }: Application): object {
  return { Id: id, Name: name, Description: description };
}
