import type { Application, Profile } from './model';

export const FREEFORM = 'AWS.Freeform';

export function renderProfile(application: Application, { id, name, description }: Profile): object {
  return {
    ApplicationId: application.id,
    Id: id,
    Name: name,
    Description: description,
    LocationUri: 'hosted',
    Validators: [],
    Type: FREEFORM,
  };
}
