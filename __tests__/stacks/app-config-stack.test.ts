import type { RepointPlan } from '../../lib/artefacts/repoint-plan';
import { AppConfigStack } from '../../stacks/app-config-stack';
import { repointPlan, sourceEndpoint, target } from '../lib/cutover/facts';
import { localState } from '../../lib/terraform/state-location';
import { synthesize } from './synthesize';

function synthesized(plan: RepointPlan): string {
  return synthesize((app) => new AppConfigStack(app, plan, localState('/repo/drills/d')));
}

describe('AppConfigStack', () => {
  test('adopts the parameter, changes its value alone, and never destroys it', () => {
    expect(synthesized(repointPlan())).toMatchInlineSnapshot(`
     "{
       "import": [
         {
           "id": "/trading/db/host",
           "to": "aws_ssm_parameter.ssm-trading-db-host-e94f78"
         }
       ],
       "output": {
         "targets": {
           "value": [
             "/trading/db/host"
           ]
         }
       },
       "provider": {
         "aws": [
           {
             "allowed_account_ids": [
               "123456789012"
             ],
             "region": "eu-central-1"
           }
         ]
       },
       "resource": {
         "aws_ssm_parameter": {
           "ssm-trading-db-host-e94f78": {
             "lifecycle": {
               "ignore_changes": [
                 "allowed_pattern",
                 "data_type",
                 "description",
                 "key_id",
                 "overwrite",
                 "tags",
                 "tags_all",
                 "tier"
               ],
               "prevent_destroy": true
             },
             "name": "/trading/db/host",
             "type": "String",
             "value": "trading-d.cluster-c9akciq32rgf.eu-central-1.rds.amazonaws.com"
           }
         }
       },
       "terraform": {
         "backend": {
           "local": {
             "path": "/repo/drills/d/repoint.tfstate"
           }
         },
         "required_providers": {
           "aws": {
             "source": "aws",
             "version": ">= 5.100.0, < 7.0.0"
           }
         },
         "required_version": ">= 1.5.0, < 2.0.0"
       }
     }"
    `);
  });

  test('sets the old value on the way back', () => {
    expect(synthesized(repointPlan({ direction: 'back' }))).toContain(`"value": "${sourceEndpoint}"`);
  });

  test('gives each parameter a resource of its own, also where names differ in punctuation only', () => {
    const plan = repointPlan({ targets: [target('/a/b'), target('/a-b'), target('a.b')] });
    const { resource } = JSON.parse(synthesized(plan)) as { resource: { aws_ssm_parameter: object } };
    expect(Object.keys(resource.aws_ssm_parameter)).toHaveLength(3);
  });
});
