using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Kalisecu.Certificates;
using Kalisecu.Consent.V1;
using Kalisecu.Tenancy;
using Kalisecu.Tenants.V1;
using Kalisecu.TestKit;
using NodaTime;

namespace Kalisecu.IntegrationTests.Consent;

/// <summary>What members and staff say about purposes, through the real server.</summary>
internal sealed class ConsentDesk(TestServer server)
{
    public const string Marketing = "direct_marketing";

    private static int made;

    public ConsentService.ConsentServiceClient Consents { get; } = new(server.Channel(SpiffeKind.Frontend, "desk"));

    public PurposeService.PurposeServiceClient Purposes { get; } = new(server.Channel(SpiffeKind.Frontend, "desk"));

    public static string NextEmail() => $"consent-{Interlocked.Increment(ref made)}@client.example";

    /// <summary>A member with a session, and a session of staff in the same tenant.</summary>
    public async Task<ConsentParties> MemberAsync()
    {
        var tenant = await server.Given.TenantAsync();
        var person = await server.Given.PersonAsync(tenant, Kalisecu.Persistence.PersonKind.Member, NextEmail());
        return new ConsentParties(
            tenant,
            person,
            await server.Given.SignedInAsync(Role.MemberReader, tenant, person: person),
            await server.Given.SignedInAsync(Role.StaffDpo, tenant)
        );
    }

    /// <summary>A prospect, who belongs to no tenant, and a session of staff who chose none.</summary>
    public async Task<(Guid Person, Metadata Staff)> ProspectAsync() =>
        (
            await server.Given.PersonAsync(TenantScope.Platform, Kalisecu.Persistence.PersonKind.Prospect, NextEmail()),
            await server.Given.SignedInAsync(Role.StaffDpo)
        );

    /// <summary>What a member sends from the dashboard.</summary>
    public static GiveConsentRequest Given(string purpose = Marketing, int version = 1) =>
        new()
        {
            Purpose = purpose,
            TextVersion = version,
            Language = Language.Fr,
        };

    /// <summary>What staff writes down for somebody.</summary>
    public static GiveConsentRequest GivenBy(Guid person, ConsentChannel channel = ConsentChannel.Paper) =>
        new()
        {
            PersonId = person.ToString("D"),
            Purpose = Marketing,
            TextVersion = 1,
            Language = Language.En,
            Channel = channel,
        };

    public async Task<ConsentEvent> GiveAsync(GiveConsentRequest request, Metadata who) =>
        (await Consents.GiveConsentAsync(request, who)).Event;

    public async Task<ConsentEvent> WithdrawAsync(WithdrawConsentRequest request, Metadata who) =>
        (await Consents.WithdrawConsentAsync(request, who)).Event;

    public async Task<ConsentStateKind> StateAsync(
        Metadata who,
        Guid? person = null,
        Instant? moment = null,
        string purpose = Marketing
    ) =>
        (
            await Consents.GetConsentStateAsync(
                new GetConsentStateRequest
                {
                    PersonId = person?.ToString("D") ?? "",
                    Purpose = purpose,
                    AtTime = moment is { } time ? Timestamp.FromDateTimeOffset(time.ToDateTimeOffset()) : null,
                },
                who
            )
        ).State;

    public async Task<CheckProcessingResponse> CheckAsync(Guid person, Metadata who, string purpose = Marketing) =>
        await Consents.CheckProcessingAsync(
            new CheckProcessingRequest { PersonId = person.ToString("D"), Purpose = purpose },
            who
        );

    /// <summary>A purpose of its own for a test that changes its texts.</summary>
    public static DefinePurposeRequest APurpose(LegalBasis basis = LegalBasis.Consent) =>
        new()
        {
            Purpose = $"newsletter_{Interlocked.Increment(ref made)}",
            LegalBasis = basis,
            French = AText("Lettre"),
            English = AText("Letter"),
            DataCategories = { "contact" },
            Recipients = { "Brevo SAS" },
        };

    /// <summary>A purpose that rests on consent and has been there for two years.</summary>
    public async Task<string> OldPurposeAsync(int consentMonths)
    {
        var purpose = $"old_{Interlocked.Increment(ref made)}";
        await server.Given.RunAsync(
            """
            insert into purpose_versions (purpose, version, legal_basis, title_fr, text_fr, retention_fr, digest_fr, title_en,
                text_en, retention_en, digest_en, data_categories, recipients, consent_months, create_time, actor)
            values ($1, 1, 'Consent', 'T', 'T', 'T', $2, 'T', 'T', 'T', $2, '{contact}', '{}', $3, now() - interval '2 years', 'test')
            """,
            purpose,
            new byte[32],
            consentMonths
        );
        return purpose;
    }

    public static PurposeText AText(string title) =>
        new()
        {
            Title = title,
            Text = title + " once a month.",
            Retention = "Until it is taken back.",
        };
}

/// <summary>Who acts in a test, and for whom.</summary>
internal sealed record ConsentParties(Guid Tenant, Guid Person, Metadata Member, Metadata Staff);
