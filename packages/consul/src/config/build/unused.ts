// The settings of areas that we do not have: access control, TLS, the service mesh, sinks of telemetry.
// Files may have them, mistakes in them are found, and `agent/self` shows them under upstream's names.
// What becomes of each is said in ../without-effect.ts. Upstream: agent/config/builder.go (Build).

import { formatDuration, type JsonOutput, quote } from '@reeve/cli';
import type { IdentityConfig } from '../runtime-config.ts';
import type { ConfigSettings } from '../settings/settings.ts';
import type { BuildContext } from './build-context.ts';

/** The settings by upstream's names; secrets are not among them. */
export function buildUnused(
  given: ConfigSettings,
  identity: IdentityConfig,
  context: BuildContext,
): ReadonlyMap<string, JsonOutput> {
  return new Map(
    Object.entries({
      ...accessControl(given, identity, context),
      ...tls(given, context),
      ...mesh(given, context),
      Telemetry: telemetry(given, context),
      DisableAnonymousSignature: given.disableAnonymousSignature ?? false,
      DisableUpdateCheck: given.disableUpdateCheck ?? false,
      NonVotingServer: given.nonVotingServer ?? false,
      SegmentName: given.segment ?? '',
      SegmentLimit: given.segmentLimit ?? 0,
      SegmentNameLimit: given.segmentNameLimit ?? 0,
      Segments: (given.segments ?? []).map(({ name }) => name ?? ''),
      EnterpriseRuntimeConfig: {},
      VersionPrerelease: given.versionPrerelease ?? '',
      Cache: {
        EntryFetchMaxBurst: given.cache?.entryFetchMaxBurst ?? 2,
        EntryFetchRate: given.cache?.entryFetchRate ?? Number.MAX_VALUE,
      },
    }),
  );
}

type Shown = { readonly [goName: string]: JsonOutput };

function accessControl(
  given: ConfigSettings,
  { primaryDatacenter }: IdentityConfig,
  context: BuildContext,
): Shown {
  const { acl = {} } = given;
  const duration = (name: string, written: string | undefined) =>
    formatDuration(context.durationMs(name, written));
  if (given.aclDatacenter !== undefined) {
    context.warnings.push(
      "The 'acl_datacenter' field is deprecated. Use the 'primary_datacenter' field instead.",
    );
  }
  const replication = given.enableAclReplication ?? given.aclReplicationToken !== undefined;
  return {
    ACLDatacenter: primaryDatacenter,
    ACLDefaultPolicy: acl.defaultPolicy ?? given.aclDefaultPolicy ?? '',
    ACLDisabledTTL: duration('acl.disabled_ttl', acl.disabledTtl),
    ACLDownPolicy: acl.downPolicy ?? given.aclDownPolicy ?? '',
    ACLEnableKeyListPolicy: acl.enableKeyListPolicy ?? given.aclEnableKeyListPolicy ?? false,
    ACLEnableTokenPersistence: acl.enableTokenPersistence ?? false,
    ACLPolicyTTL: duration('acl.policy_ttl', acl.policyTtl),
    ACLRoleTTL: duration('acl.role_ttl', acl.roleTtl),
    ACLTokenReplication: acl.enableTokenReplication ?? replication,
    ACLTokenTTL:
      acl.tokenTtl === undefined
        ? duration('acl_ttl', given.aclTtl)
        : duration('acl.token_ttl', acl.tokenTtl),
    ACLsEnabled: acl.enabled ?? given.aclDatacenter !== undefined,
  };
}

function tls(given: ConfigSettings, context: BuildContext): Shown {
  const suites = (given.tlsCipherSuites ?? '').trim().split(',');
  const unknown = suites.find((suite) => suite !== '' && !cipherSuites.has(suite));
  if (unknown !== undefined) {
    context.problems.add(
      `tls_cipher_suites: invalid tls cipher suites: unsupported cipher ${quote(unknown)}`,
    );
  }
  return {
    CAFile: given.caFile ?? '',
    CAPath: given.caPath ?? '',
    CertFile: given.certFile ?? '',
    EnableAgentTLSForChecks: given.enableAgentTlsForChecks ?? false,
    ServerName: given.serverName ?? '',
    TLSCipherSuites: suites.flatMap((suite) => cipherSuites.get(suite) ?? []),
    TLSMinVersion: given.tlsMinVersion ?? '',
    TLSPreferServerCipherSuites: given.tlsPreferServerCipherSuites ?? false,
    VerifyIncoming: given.verifyIncoming ?? false,
    VerifyIncomingHTTPS: given.verifyIncomingHttps ?? false,
    VerifyIncomingRPC: given.verifyIncomingRpc ?? false,
    VerifyOutgoing: (given.verifyOutgoing ?? false) || (given.verifyServerHostname ?? false),
    VerifyServerHostname: given.verifyServerHostname ?? false,
  };
}

function mesh(given: ConfigSettings, context: BuildContext): Shown {
  const { connect = {}, autoEncrypt = {} } = given;
  const spread = context.durationMs(
    'connect.test_ca_leaf_root_change_spread',
    connect.testCaLeafRootChangeSpread,
  );
  return {
    AutoEncryptAllowTLS: autoEncrypt.allowTls ?? false,
    AutoEncryptDNSSAN: autoEncrypt.dnsSan ?? [],
    AutoEncryptIPSAN: autoEncrypt.ipSan ?? [],
    AutoEncryptTLS: autoEncrypt.tls ?? false,
    ConfigEntryBootstrap: [],
    ConnectCAConfig: {},
    ConnectCAProvider: connect.caProvider ?? '',
    ConnectEnabled: connect.enabled ?? false,
    ConnectMeshGatewayWANFederationEnabled: connect.enableMeshGatewayWanFederation ?? false,
    ConnectTestCALeafRootChangeSpread: formatDuration(spread),
    EnableCentralServiceConfig: given.enableCentralServiceConfig ?? false,
    PrimaryGateways: given.primaryGateways ?? [],
    PrimaryGatewaysInterval: formatDuration(
      context.durationMs('primary_gateways_interval', given.primaryGatewaysInterval),
    ),
  };
}

function telemetry({ telemetry: given = {} }: ConfigSettings, context: BuildContext): Shown {
  const rules = given.prefixFilter ?? [];
  for (const rule of rules) {
    if (rule === '') context.warnings.push('Cannot have empty filter rule in prefix_filter');
    else if (!/^[+-]/.test(rule)) {
      context.warnings.push(`Filter rule must begin with either '+' or '-': ${quote(rule)}`);
    }
  }
  const prefixes = (sign: string) =>
    rules.filter((rule) => rule.startsWith(sign)).map((rule) => rule.slice(1));
  const retention = context.durationMs('prometheus_retention_time', given.prometheusRetentionTime);
  return {
    AllowedPrefixes: prefixes('+'),
    BlockedPrefixes: prefixes('-'),
    CirconusAPIApp: given.circonusApiApp ?? '',
    CirconusAPIToken: 'hidden',
    CirconusAPIURL: given.circonusApiUrl ?? '',
    CirconusBrokerID: given.circonusBrokerId ?? '',
    CirconusBrokerSelectTag: given.circonusBrokerSelectTag ?? '',
    CirconusCheckDisplayName: given.circonusCheckDisplayName ?? '',
    CirconusCheckForceMetricActivation: given.circonusCheckForceMetricActivation ?? '',
    CirconusCheckID: given.circonusCheckId ?? '',
    CirconusCheckInstanceID: given.circonusCheckInstanceId ?? '',
    CirconusCheckSearchTag: given.circonusCheckSearchTag ?? '',
    CirconusCheckTags: given.circonusCheckTags ?? '',
    CirconusSubmissionInterval: given.circonusSubmissionInterval ?? '',
    CirconusSubmissionURL: given.circonusSubmissionUrl ?? '',
    Disable: false,
    DisableHostname: given.disableHostname ?? false,
    DogstatsdAddr: given.dogstatsdAddr ?? '',
    DogstatsdTags: given.dogstatsdTags ?? [],
    FilterDefault: given.filterDefault ?? false,
    MetricsPrefix: given.metricsPrefix ?? '',
    PrometheusRetentionTime: formatDuration(retention),
    StatsdAddr: given.statsdAddress ?? '',
    StatsiteAddr: given.statsiteAddress ?? '',
  };
}

/** By their numbers in TLS. Source: tlsutil/config.go. */
const cipherSuites = new Map([
  ['TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA', 0xc009],
  ['TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256', 0xc023],
  ['TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256', 0xc02b],
  ['TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA', 0xc00a],
  ['TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384', 0xc02c],
  ['TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA', 0xc013],
  ['TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256', 0xc027],
  ['TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256', 0xc02f],
  ['TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA', 0xc014],
  ['TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384', 0xc030],
]);
