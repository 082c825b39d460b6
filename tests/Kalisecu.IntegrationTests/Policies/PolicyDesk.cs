using Kalisecu.Certificates;
using Kalisecu.Policies.V1;
using Kalisecu.TestKit;
using NodaTime;
using NodaTime.Text;

namespace Kalisecu.IntegrationTests.Policies;

/// <summary>Who writes, publishes and reads the policy on a real server.</summary>
internal sealed class PolicyDesk(TestServer server)
{
    public const string Controller =
        "KALICERTIF SAS, 35510 Cesson-Sévigné, SIREN 929 978 393, hello@kalisecu.com. OVH SAS, Scaleway SAS, "
        + "Stripe Payments Europe Ltd, Brevo SAS, Yousign SAS.";

    private static int drafts;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public PolicyService.PolicyServiceClient Operator { get; } = new(server.Channel(SpiffeKind.Operator, "console"));

    /// <summary>A frontend without anybody signed in.</summary>
    public PolicyService.PolicyServiceClient Anyone { get; } = new(server.Channel(SpiffeKind.Frontend, "dashboard"));

    public LocalDate Today => server.Clock.GetCurrentInstant().InZone(Kalisecu.Time.Paris.Zone).Date;

    /// <summary>Each applies a day later than the one before, so that they can be published in their order.</summary>
    public CreatePolicyVersionRequest ADraft(int? daysAhead = null, bool substantial = true) =>
        new()
        {
            RequestId = Guid.CreateVersion7().ToString(),
            EffectDate = LocalDatePattern.Iso.Format(
                Today.PlusDays(daysAhead ?? 30 + Interlocked.Increment(ref drafts))
            ),
            Substantial = substantial,
            TextFr = $"# Politique\n\n{Controller}\n\nNous ajoutons une phrase.",
            TextEn = $"# Policy\n\n{Controller}\n\nWe add a sentence.",
            SummaryFr = "Une phrase est ajoutée.",
            SummaryEn = "A sentence is added.",
            ClauseIds = { "CTRL-1", "POL-1" },
        };

    public async Task<PolicyVersion> DraftAsync(CreatePolicyVersionRequest draft) =>
        (await Operator.CreatePolicyVersionAsync(draft, cancellationToken: Cancel)).Version;

    public async Task<PolicyVersion> PublishAsync(uint number, string? requestId = null) =>
        (
            await Operator.PublishPolicyVersionAsync(
                new PublishPolicyVersionRequest { Number = number, RequestId = requestId ?? "" },
                cancellationToken: Cancel
            )
        ).Version;

    public async Task<IReadOnlyList<PolicyNotice>> NoticesAsync(uint number)
    {
        var notices = new List<PolicyNotice>();
        var request = new ListPolicyNoticesRequest { Number = number, PageSize = 1000 };
        do
        {
            var page = await Operator.ListPolicyNoticesAsync(request, cancellationToken: Cancel);
            notices.AddRange(page.Notices);
            request.PageToken = page.NextPageToken;
        } while (request.PageToken.Length > 0);
        return notices;
    }
}
