using Kalisecu.AccessLog;
using Kalisecu.Accounts;
using Kalisecu.Agents;
using Kalisecu.Backups;
using Kalisecu.Breaches;
using Kalisecu.Compliance;
using Kalisecu.Consent;
using Kalisecu.Deliveries;
using Kalisecu.Findings;
using Kalisecu.Hosting;
using Kalisecu.Jobs;
using Kalisecu.Persons;
using Kalisecu.Policies;
using Kalisecu.PrivacyRequests;
using Kalisecu.Reports;
using Kalisecu.Retention;
using Kalisecu.Rights;
using Kalisecu.Scans;
using Kalisecu.Tenants;

namespace Kalisecu.Server;

/// <summary>Which capabilities this process offers.</summary>
internal static class Capabilities
{
    public static IReadOnlyList<Capability> All { get; } =
    [
        AccountsModule.Capability,
        TenantsModule.Capability,
        AgentsModule.Capability,
        ScansModule.Capability,
        FindingsModule.Capability,
        ReportsModule.Capability,
        PersonsModule.Capability,
        RightsModule.Capability,
        PrivacyRequestsModule.Capability,
        AccessLogModule.Capability,
        ComplianceModule.Capability,
        ConsentModule.Capability,
        PoliciesModule.Capability,
        RetentionModule.Capability,
        JobsModule.Capability,
        DeliveriesModule.Capability,
        BreachesModule.Capability,
        BackupsModule.Capability,
    ];
}
