/** The areas and actions the platform is known to log, with the words its users know. Others are accepted and shown too. */

export interface KnownArea {
  id: string
  label: string
  actions: readonly (readonly [action: string, label: string])[]
}

export const catalogue: readonly KnownArea[] = [
  {
    id: 'authentication',
    label: 'Authentication',
    actions: [
      ['user.login', 'User logged in'],
      ['user.logout', 'User logged out'],
      ['user.login_failed', 'User login failed'],
      ['user.sso_login', 'User logged in with SSO'],
      ['user.impersonated', 'Signed in as another user'],
      ['user.login_recovery_code', 'Logged in with recovery code'],
      ['user.locked_out', 'User locked out'],
      ['user.ip_denied', 'Login refused by IP restriction'],
      ['user.session_expired', 'Session expired'],
      ['user.signup', 'User signed up'],
      ['user.confirmation_resent', 'Confirmation e-mail re-sent'],
      ['user.email_confirmed', 'E-mail confirmed'],
      ['user.password_reset_requested', 'Password reset requested'],
      ['user.password_reset', 'Password reset'],
      ['user.password_changed', 'Password changed'],
      ['user.2fa_enabled', 'Two-factor authentication enabled'],
      ['user.2fa_disabled', 'Two-factor authentication disabled'],
      ['user.2fa_codes_viewed', '2FA recovery codes viewed'],
      ['user.security_key_added', 'Security key configured'],
      ['user.security_key_replaced', 'Security key reconfigured'],
    ],
  },
  {
    id: 'users',
    label: 'Users',
    actions: [
      ['user.created', 'User created'],
      ['user.updated', 'User updated'],
      ['user.deleted', 'User deleted'],
      ['user.suspended', 'User suspended'],
      ['user.activated', 'User activated'],
      ['user.profile_updated', 'User account updated'],
      ['user.login_type_changed', 'User login type changed'],
      ['user.invited', 'User invited'],
      ['user.invite_renewed', 'Invitation renewed'],
      ['user.invite_deleted', 'Invitation deleted'],
      ['user.provisioned', 'User provisioned by SSO/SCIM'],
      ['user.role_assigned', 'Role assigned to user'],
      ['user.role_removed', 'Role removed from user'],
      ['user.collections_changed', 'User collections changed'],
      ['user.added_to_team', 'User added to team'],
      ['user.removed_from_team', 'User removed from team'],
      ['user.edited_by_support', 'User edited by Invicti support'],
      ['user.viewed', 'User viewed'],
    ],
  },
  {
    id: 'teams',
    label: 'Teams',
    actions: [
      ['team.created', 'Team created'],
      ['team.updated', 'Team updated'],
      ['team.deleted', 'Team deleted'],
      ['team.role_changed', 'Team role or collections changed'],
    ],
  },
  {
    id: 'roles',
    label: 'Roles',
    actions: [
      ['role.created', 'Role created'],
      ['role.updated', 'Role updated'],
      ['role.deleted', 'Role deleted'],
      ['role.cloned', 'Role cloned'],
      ['role.permissions_changed', 'Role permissions changed'],
      ['role.limited', 'Role limited'],
    ],
  },
  {
    id: 'api-keys',
    label: 'API keys',
    actions: [
      ['apikey.generated', 'API key generated'],
      ['apikey.deleted', 'API key deleted'],
      ['apikey.reset', 'API token reset'],
      ['api.rate_limited', 'API rate limit hit'],
    ],
  },
  {
    id: 'targets',
    label: 'Targets',
    actions: [
      ['target.created', 'Target created'],
      ['target.updated', 'Target updated'],
      ['target.deleted', 'Target deleted'],
      ['target.imported', 'Targets imported'],
      ['target.verification_started', 'Ownership verification started'],
      ['target.verified', 'Ownership verified'],
      ['target.late_confirmation', 'Late confirmation marked'],
      ['target.tagged', 'Target tag added or updated'],
      ['target.agent_assigned', 'Agent assigned to target'],
      ['target.excluded_hours_changed', 'Target excluded hours changed'],
      ['target.advanced_settings_changed', 'Target advanced settings changed'],
      ['target.linked_to_api', 'Target linked to API definition'],
      ['target.license_consumed', 'Target counted against licence (first scan)'],
    ],
  },
  {
    id: 'inventory',
    label: 'Inventory',
    actions: [
      ['collection.created', 'Collection created'],
      ['collection.updated', 'Collection updated'],
      ['collection.deleted', 'Collection deleted'],
      ['group.contact_changed', 'Group technical contact changed'],
      ['application.created', 'Application created'],
      ['application.updated', 'Application updated'],
      ['application.deleted', 'Application deleted'],
      ['asset.created', 'Asset created'],
      ['asset.updated', 'Asset updated'],
      ['asset.deleted', 'Asset deleted'],
    ],
  },
  {
    id: 'scans',
    label: 'Scans',
    actions: [
      ['scan.started', 'Scan started'],
      ['scan.scheduled', 'Scan scheduled'],
      ['scan.schedule_updated', 'Scan schedule updated'],
      ['scan.schedule_deleted', 'Scan schedule deleted'],
      ['scan.schedule_turned_off', 'Scan schedule turned off after failures'],
      ['scan.schedule_turned_on', 'Scan schedule turned on'],
      ['scan.queued', 'Scan queued'],
      ['scan.queued_again', 'Scan queued again'],
      ['scan.paused', 'Scan paused'],
      ['scan.resumed', 'Scan resumed'],
      ['scan.aborted', 'Scan aborted'],
      ['scan.completed', 'Scan completed'],
      ['scan.failed', 'Scan failed'],
      ['scan.deleted', 'Scan deleted'],
      ['scan.imported', 'Scan imported'],
      ['scan.rescanned', 'Scan run again'],
      ['scan.external_imported', 'External findings imported'],
      ['scan.sbom_imported', 'SBOM imported'],
    ],
  },
  {
    id: 'scan-profiles',
    label: 'Scan profiles',
    actions: [
      ['scanprofile.created', 'Scan profile created'],
      ['scanprofile.updated', 'Scan profile updated'],
      ['scanprofile.deleted', 'Scan profile deleted'],
      ['scanpolicy.created', 'Scan policy created'],
      ['scanpolicy.updated', 'Scan policy updated'],
      ['scanpolicy.deleted', 'Scan policy deleted'],
    ],
  },
  {
    id: 'excluded-hours',
    label: 'Excluded hours',
    actions: [
      ['excludedhours.created', 'Excluded hours profile created'],
      ['excludedhours.updated', 'Excluded hours profile updated'],
      ['excludedhours.deleted', 'Excluded hours profile deleted'],
      ['excludedhours.default_changed', 'Default excluded hours profile changed'],
    ],
  },
  {
    id: 'vulnerabilities',
    label: 'Vulnerabilities',
    actions: [
      ['vulnerability.found', 'Vulnerability found'],
      ['vulnerability.status_changed', 'Vulnerability status changed'],
      ['vulnerability.fixed_unconfirmed', 'Marked Fixed (Unconfirmed)'],
      ['vulnerability.retest_started', 'Retest started'],
      ['vulnerability.false_positive_set', 'Marked as false positive'],
      ['vulnerability.false_positive_cleared', 'False positive mark removed'],
      ['vulnerability.risk_accepted', 'Marked as risk accepted'],
      ['vulnerability.risk_unaccepted', 'Risk acceptance removed'],
      ['vulnerability.severity_changed', 'Severity changed'],
      ['vulnerability.cvss_changed', 'CVSS score changed'],
      ['vulnerability.comment_added', 'Comment added'],
      ['vulnerability.assigned', 'Vulnerability assigned'],
      ['vulnerability.issue_opened', 'Issue opened in tracker'],
      ['vulnerability.issue_closed', 'Issue closed in tracker'],
    ],
  },
  {
    id: 'reports',
    label: 'Reports',
    actions: [
      ['report.generated', 'Report generated'],
      ['report.updated', 'Report updated'],
      ['report.deleted', 'Report deleted'],
      ['report.downloaded', 'Report downloaded'],
      ['reportpolicy.created', 'Report policy created'],
      ['reportpolicy.updated', 'Report policy updated'],
      ['reportpolicy.deleted', 'Report policy deleted'],
    ],
  },
  {
    id: 'automations',
    label: 'Automations',
    actions: [
      ['automation.created', 'Automation created'],
      ['automation.updated', 'Automation updated'],
      ['automation.cloned', 'Automation cloned'],
      ['automation.disabled', 'Automation disabled'],
      ['automation.enabled', 'Automation enabled'],
      ['automation.deleted', 'Automation deleted'],
      ['automation.priorities_changed', 'Notification priorities changed'],
      ['notification.technology_changed', 'Technology notification changed'],
    ],
  },
  {
    id: 'integrations',
    label: 'Integrations',
    actions: [
      ['integration.created', 'Integration created'],
      ['integration.updated', 'Integration updated'],
      ['integration.deleted', 'Integration deleted'],
      ['integration.status_changed', 'Integration turned on or off'],
      ['integration.cloud_provider_updated', 'Cloud provider updated'],
      ['integration.defectdojo_imported', 'DefectDojo report imported'],
      ['integration.defectdojo_failed', 'DefectDojo report import failed'],
      ['integration.delivery_failed', 'Integration delivery failed'],
    ],
  },
  {
    id: 'agents',
    label: 'Agents',
    actions: [
      ['agent.registered', 'Agent registered'],
      ['agent.deleted', 'Agent deleted'],
      ['agent.token_reset', 'Agent token reset'],
      ['agent.command_deleted', 'Agent command deleted'],
      ['agent.autoupdate_changed', 'Agent auto-update setting changed'],
      ['agent.offline', 'Agent offline, scan aborted'],
      ['agentgroup.created', 'Agent group created'],
      ['agentgroup.updated', 'Agent group updated'],
      ['agentgroup.deleted', 'Agent group deleted'],
    ],
  },
  {
    id: 'apis',
    label: 'APIs',
    actions: [
      ['apidefinition.uploaded', 'API definition uploaded'],
      ['apidefinition.updated', 'API definition edited'],
      ['apidefinition.hidden', 'API target hidden'],
      ['apiimporter.configured', 'API importer configured'],
      ['apiimporter.run', 'API importer run'],
    ],
  },
  {
    id: 'discovery',
    label: 'Discovery',
    actions: [
      ['discovery.settings_changed', 'Discovery settings changed'],
      ['discovery.asset_ignored', 'Discovered asset ignored'],
      ['discovery.asset_promoted', 'Discovered asset made a target'],
    ],
  },
  {
    id: 'sso-provisioning',
    label: 'SSO & provisioning',
    actions: [
      ['sso.enabled', 'SSO enabled'],
      ['sso.disabled', 'SSO disabled'],
      ['sso.updated', 'SSO settings updated'],
      ['sso.exemption_changed', 'SSO exemption changed'],
      ['sso.certificate_changed', 'SSO certificate generated or uploaded'],
      ['sso.provisioning_changed', 'Automatic provisioning changed'],
    ],
  },
  {
    id: 'security-settings',
    label: 'Security settings',
    actions: [
      ['security.password_policy_changed', 'Password policy changed'],
      ['security.2fa_enforcement_changed', '2FA enforcement changed'],
      ['security.session_settings_changed', 'Session and lockout settings changed'],
      ['security.ip_restriction_enabled', 'IP restriction turned on or off'],
      ['security.ip_added', 'Allowed IP address added'],
      ['security.ip_updated', 'Allowed IP address updated'],
      ['security.ip_deleted', 'Allowed IP address deleted'],
      ['security.encryption_keys_updated', 'Encryption keys updated'],
      ['security.encryption_keys_downloaded', 'Encryption keys downloaded'],
    ],
  },
  {
    id: 'settings',
    label: 'Settings',
    actions: [
      ['settings.general_updated', 'General settings updated'],
      ['settings.scanning_updated', 'Scanning settings updated'],
      ['settings.failure_limit_changed', 'Scan schedule failure limit changed'],
      ['settings.auto_rescan_changed', 'Automatic rescan setting changed'],
      ['settings.advanced_scan_config_changed', 'Advanced scan configuration access changed'],
      ['settings.email_updated', 'E-mail settings updated'],
      ['settings.sms_updated', 'SMS settings updated'],
      ['settings.database_updated', 'Database settings updated'],
      ['settings.raw_retention_enabled', 'Raw scan file retention enabled'],
      ['settings.raw_retention_disabled', 'Raw scan file retention disabled'],
      ['settings.data_retention_enabled', 'Scan data retention enabled'],
      ['settings.data_retention_disabled', 'Scan data retention disabled'],
    ],
  },
  {
    id: 'organization-licence',
    label: 'Organization & licence',
    actions: [
      ['organization.updated', 'Organization updated'],
      ['organization.deleted', 'Organization deleted'],
      ['organization.merged', 'Accounts merged'],
      ['license.updated', 'Licence updated'],
      ['license.invitation_updated', 'Invitation licence updated'],
      ['support.access_confirmed', 'Support access confirmed'],
      ['system.updates_checked', 'Updates checked'],
    ],
  },
  {
    id: 'audit-log',
    label: 'Audit log',
    actions: [
      ['auditlog.exported', 'Audit log exported'],
      ['auditlog.viewed', 'Audit log viewed'],
    ],
  },
]

/** What Trailside itself logs and the platform has no name for. */
export const ownActions: KnownArea['actions'] = [
  ['auditlog.access_denied', 'Access denied'],
  ['auditlog.erased', 'Personal data erased'],
  ['auditlog.imported', 'Export files imported'],
  ['auditlog.checkpoint_refused', 'Checkpoint refused as witness'],
  ['auditlog.panel_registered', 'Panel registered as witness'],
  ['source.added', 'Source added'],
  ['source.updated', 'Source updated'],
  ['source.removed', 'Source removed'],
  ['source.paused', 'Source paused'],
  ['source.resumed', 'Source resumed'],
  ['source.stopped', 'Source stopped'],
  ['source.recovered', 'Source recovered'],
  ['source.gap_found', 'Entries missing at the source'],
  ['source.gap_closed', 'Missing entries arrived'],
  ['name.resolved', 'Name resolved'],
  ['auditlog.key_rotated', 'Log key changed'],
  ['auditlog.epoch_started', 'Log goes on after a restore'],
  ['auditlog.epoch_accepted', 'Restored log accepted'],
  ['auditlog.retention_changed', 'Retention changed'],
  ['auditlog.retention_applied', 'Events removed by retention'],
  ['auditlog.hold_placed', 'Legal hold placed'],
  ['auditlog.hold_released', 'Legal hold released'],
]
const ownArea = 'audit-log'

/** Every action that has a name of its own. */
export const allActions: KnownArea['actions'] = [
  ...catalogue.flatMap(({ actions }) => actions),
  ...ownActions,
]

const areaLabels = new Map(catalogue.map(area => [area.id, area.label]))
const actionLabels = new Map<string, string>(ownActions)
const areaOfAction = new Map<string, string>(ownActions.map(([action]) => [action, ownArea]))
for (const area of catalogue) {
  for (const [action, label] of area.actions) {
    actionLabels.set(action, label)
    areaOfAction.set(action, area.id)
  }
}

export function isKnownAction(action: string): boolean {
  return actionLabels.has(action)
}

/** The label of an action; one the catalogue does not know is shown by its own name, readable where it can be. */
export function actionLabel(action: string): string {
  return actionLabels.get(action) ?? readable(action)
}

export function areaLabel(area: string): string {
  return areaLabels.get(area) ?? readable(area)
}

/** The area an action belongs to: by the catalogue, else the action's first word. */
export function areaOf(action: string): string {
  return areaOfAction.get(action) ?? (action.split('.')[0] || 'other')
}

/** `scan.paused_twice` becomes "Scan paused twice"; a name in camel case, as code has them, stays: "GetBucketLogging". */
function readable(name: string): string {
  const last = name.slice(name.lastIndexOf('.') + 1)
  if (/[a-z][A-Z]/.test(last)) return last
  const words = name.replaceAll(/[._-]+/g, ' ').trim()
  return words ? words[0]!.toUpperCase() + words.slice(1) : name
}
