using Grpc.Core;
using Kalisecu.Consent.V1;
using Kalisecu.Errors.V1;
using Kalisecu.Tenancy;
using Kalisecu.TestKit;
using NodaTime;

namespace Kalisecu.IntegrationTests.Consent;

public sealed class PurposeTests(TestServer server) : IClassFixture<TestServer>
{
    private readonly ConsentDesk _desk = new(server);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_purposes_of_the_policy_are_there_with_their_bases_and_with_digests_that_fit()
    {
        var listed = await _desk.Purposes.ListPurposesAsync(new ListPurposesRequest(), cancellationToken: Cancel);
        var bases = listed.Purposes.ToDictionary(p => p.Purpose_, p => p.LegalBasis, StringComparer.Ordinal);

        Assert.Equal(LegalBasis.Contract, bases["service"]);
        Assert.Equal(LegalBasis.LegalObligation, bases["invoicing"]);
        Assert.Equal(LegalBasis.Contract, bases["communication"]);
        Assert.Equal(LegalBasis.Contract, bases["support"]);
        Assert.Equal(LegalBasis.LegitimateInterest, bases["improvement"]);
        Assert.Equal(LegalBasis.LegitimateInterest, bases["security"]);
        Assert.Equal(LegalBasis.Consent, bases["direct_marketing"]);
        Assert.All(
            listed.Purposes.SelectMany(p => (PurposeText[])[p.French, p.English]),
            t => Assert.Equal(new Kalisecu.Consent.PurposeText(t.Title, t.Text, t.Retention).Digest(), t.Digest.Span)
        );
    }

    [Fact]
    public async Task A_new_version_leaves_the_old_one_as_it_was_and_consent_to_the_old_text_is_refused()
    {
        var dpo = await server.Given.SignedInAsync(Role.StaffDpo);
        var it = await _desk.MemberAsync();
        var purpose = ConsentDesk.APurpose();
        var first = await DefineAsync(purpose, dpo);
        await _desk.GiveAsync(ConsentDesk.Given(purpose.Purpose), it.Member);
        server.Clock.AdvanceSeconds(1);
        purpose.French = ConsentDesk.AText("Nouvelle lettre");
        var second = await DefineAsync(purpose, dpo);

        var old = await _desk.Purposes.GetPurposeAsync(
            new GetPurposeRequest { Purpose = purpose.Purpose, Version = 1 },
            cancellationToken: Cancel
        );
        await Refused.WithAsync(
            ErrorReason.ConsentTextOutdated,
            () => _desk.GiveAsync(ConsentDesk.Given(purpose.Purpose), it.Member)
        );
        var withdrawn = await _desk.WithdrawAsync(new WithdrawConsentRequest { Purpose = purpose.Purpose }, it.Member);

        Assert.Equal((1, 2), (first.Version, second.Version));
        Assert.Equal(first, old.Purpose);
        Assert.NotEqual(first.French.Digest, second.French.Digest);
        Assert.Equal(first.English.Digest, second.English.Digest);
        Assert.Equal((1, first.French.Digest), (withdrawn.TextVersion, withdrawn.TextDigest));
    }

    [Fact]
    public async Task A_purpose_keeps_what_it_rests_on()
    {
        var dpo = await server.Given.SignedInAsync(Role.StaffDpo);
        var purpose = ConsentDesk.APurpose();
        await DefineAsync(purpose, dpo);
        purpose.LegalBasis = LegalBasis.LegitimateInterest;

        await Refused.WithAsync(ErrorReason.PurposeBasisDiffers, () => DefineAsync(purpose, dpo));
    }

    [Fact]
    public async Task Only_the_officer_and_administrators_define_purposes()
    {
        var analyst = await server.Given.SignedInAsync(Role.StaffAnalyst);

        await Refused.WithAsync(ErrorReason.RoleNotAllowed, () => DefineAsync(ConsentDesk.APurpose(), analyst));
        Assert.Equal(1, (await DefineAsync(ConsentDesk.APurpose(), await AdministratorAsync())).Version);
    }

    [Fact]
    public async Task Every_bad_field_of_a_purpose_is_named()
    {
        var request = new DefinePurposeRequest
        {
            Purpose = "Not a name",
            French = ConsentDesk.AText("Lettre"),
            DataCategories = { "shoe_size" },
            Recipients = { "" },
            ConsentMonths = 121,
        };
        request.French.Text = new string('x', 4001);

        var refusal = await Refused.WithAsync(
            ErrorReason.InvalidRequest,
            async () => await DefineAsync(request, await AdministratorAsync())
        );

        var fields = refusal.GetRpcStatus()!.GetDetail<Google.Rpc.BadRequest>().FieldViolations.Select(v => v.Field);
        Assert.Equal(
            [
                "consent_months",
                "data_categories",
                "english.retention",
                "english.text",
                "english.title",
                "french.text",
                "legal_basis",
                "purpose",
                "recipients[0]",
            ],
            fields.Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public async Task Definitions_at_once_become_versions_one_after_the_other()
    {
        var dpo = await server.Given.SignedInAsync(Role.StaffDpo);
        var purpose = ConsentDesk.APurpose();

        var defined = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => DefineAsync(purpose, dpo)));

        Assert.Equal([1, 2, 3, 4], defined.Select(p => p.Version).Order());
    }

    private Task<Metadata> AdministratorAsync() => server.Given.SignedInAsync(Role.StaffAdministrator);

    private async Task<Purpose> DefineAsync(DefinePurposeRequest request, Metadata who) =>
        (await _desk.Purposes.DefinePurposeAsync(request, who, cancellationToken: Cancel)).Purpose;
}
