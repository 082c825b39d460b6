using Kalisecu.Consent;
using Kalisecu.Errors;
using Kalisecu.Errors.V1;
using Kalisecu.Outbox;
using Kalisecu.Persistence;
using NodaTime;

namespace Kalisecu.Tests.Consent;

public sealed class ConsentRulesTests
{
    private static readonly Instant Now = Instant.FromUtc(2026, 11, 24, 12, 0);

    [Theory]
    [InlineData(ConsentEventKind.Given, null, ConsentEventKind.Given)]
    [InlineData(ConsentEventKind.Given, ConsentEventKind.Given, ConsentEventKind.Given)]
    [InlineData(ConsentEventKind.Given, ConsentEventKind.Objected, ConsentEventKind.Given)]
    [InlineData(ConsentEventKind.Refused, null, ConsentEventKind.Refused)]
    [InlineData(ConsentEventKind.Refused, ConsentEventKind.Given, ConsentEventKind.Withdrawn)]
    [InlineData(ConsentEventKind.Withdrawn, ConsentEventKind.Given, ConsentEventKind.Withdrawn)]
    [InlineData(ConsentEventKind.Withdrawn, null, ConsentEventKind.Refused)]
    [InlineData(ConsentEventKind.Withdrawn, ConsentEventKind.Withdrawn, null)]
    [InlineData(ConsentEventKind.Withdrawn, ConsentEventKind.Refused, null)]
    [InlineData(ConsentEventKind.Withdrawn, ConsentEventKind.Expired, null)]
    [InlineData(ConsentEventKind.Withdrawn, ConsentEventKind.Objected, null)]
    [InlineData(ConsentEventKind.Expired, ConsentEventKind.Given, ConsentEventKind.Expired)]
    [InlineData(ConsentEventKind.Expired, ConsentEventKind.Withdrawn, null)]
    [InlineData(ConsentEventKind.Expired, null, null)]
    [InlineData(ConsentEventKind.Objected, null, ConsentEventKind.Objected)]
    [InlineData(ConsentEventKind.Objected, ConsentEventKind.Given, ConsentEventKind.Objected)]
    [InlineData(ConsentEventKind.Objected, ConsentEventKind.Objected, null)]
    public void What_is_said_after_what_is_recorded_as(object said, object? before, object? recorded) =>
        Assert.Equal(
            (ConsentEventKind?)recorded,
            ConsentEvent.Resolve(
                (ConsentEventKind)said,
                APurpose(),
                before is null ? null : AnEvent((ConsentEventKind)before)
            )
        );

    [Theory]
    [InlineData(LegalBasis.Contract)]
    [InlineData(LegalBasis.LegalObligation)]
    [InlineData(LegalBasis.LegitimateInterest)]
    public void Nothing_is_given_or_taken_back_where_consent_is_not_the_basis(object basis)
    {
        var purpose = APurpose((LegalBasis)basis);

        foreach (
            var said in (ConsentEventKind[])
                [ConsentEventKind.Given, ConsentEventKind.Refused, ConsentEventKind.Withdrawn]
        )
        {
            var refusal = Assert.Throws<Refusal>(() => ConsentEvent.Resolve(said, purpose, before: null));
            Assert.Equal(ErrorReason.ConsentNotTheBasis, refusal.Reason);
        }
    }

    [Fact]
    public void An_event_with_anything_changed_no_longer_fits_its_digest()
    {
        var given = AnEvent(ConsentEventKind.Given);
        var other = AnEvent(ConsentEventKind.Withdrawn);

        Assert.Equal(given.Digest, given.ComputeDigest());
        Assert.NotEqual(given.Digest, other.Digest);
    }

    [Fact]
    public void A_consent_holds_its_months_to_the_second()
    {
        var given = AnEvent(ConsentEventKind.Given, months: 12);

        Assert.Equal(Instant.FromUtc(2027, 11, 24, 12, 0), given.ExpireTime);
        Assert.False(given.HasExpiredAt(given.ExpireTime!.Value - Duration.FromSeconds(1)));
        Assert.True(given.HasExpiredAt(given.ExpireTime!.Value));
        Assert.Equal(ConsentStanding.Expired, ConsentMoment.Of(given, given.ExpireTime!.Value).Standing);
        Assert.Null(AnEvent(ConsentEventKind.Given, months: 0).ExpireTime);
        Assert.Null(AnEvent(ConsentEventKind.Refused, months: 12).ExpireTime);
    }

    [Theory]
    [InlineData(LegalBasis.Consent, null, false, ProcessingReason.NoConsent)]
    [InlineData(LegalBasis.Consent, ConsentEventKind.Given, true, ProcessingReason.Consent)]
    [InlineData(LegalBasis.Consent, ConsentEventKind.Refused, false, ProcessingReason.Refused)]
    [InlineData(LegalBasis.Consent, ConsentEventKind.Withdrawn, false, ProcessingReason.Withdrawn)]
    [InlineData(LegalBasis.Consent, ConsentEventKind.Expired, false, ProcessingReason.Expired)]
    [InlineData(LegalBasis.Consent, ConsentEventKind.Objected, false, ProcessingReason.Objected)]
    [InlineData(LegalBasis.LegitimateInterest, null, true, ProcessingReason.LegitimateInterest)]
    [InlineData(LegalBasis.LegitimateInterest, ConsentEventKind.Objected, false, ProcessingReason.Objected)]
    [InlineData(LegalBasis.Contract, null, true, ProcessingReason.Contract)]
    [InlineData(LegalBasis.LegalObligation, null, true, ProcessingReason.LegalObligation)]
    public void Processing_is_allowed_or_not_for_one_reason(object basis, object? newest, bool allowed, object reason)
    {
        var answer = ProcessingAnswer.Of((LegalBasis)basis, Known((ConsentEventKind?)newest), Now);

        Assert.Equal((allowed, (ProcessingReason)reason), (answer.IsAllowed, answer.Reason));
    }

    [Fact]
    public void Erasure_outweighs_restriction_and_restriction_outweighs_an_older_consent()
    {
        var given = Known(ConsentEventKind.Given);
        var restricted = given with { RestrictTime = given.EventTime + Duration.FromSeconds(1) };
        var agreedSince = given with { RestrictTime = given.EventTime };
        var erased = restricted with { IsErased = true };

        Assert.Equal(ProcessingReason.Restricted, ProcessingAnswer.Of(LegalBasis.Consent, restricted, Now).Reason);
        Assert.Equal(ProcessingReason.Consent, ProcessingAnswer.Of(LegalBasis.Consent, agreedSince, Now).Reason);
        Assert.Equal(ProcessingReason.Restricted, ProcessingAnswer.Of(LegalBasis.Contract, agreedSince, Now).Reason);
        Assert.Equal(ProcessingReason.Erased, ProcessingAnswer.Of(LegalBasis.Consent, erased, Now).Reason);
        Assert.True(ProcessingAnswer.Of(LegalBasis.LegalObligation, erased, Now).IsAllowed);
    }

    private static KnownOfPerson Known(ConsentEventKind? newest) =>
        new(
            IsErased: false,
            RestrictTime: null,
            newest,
            newest is null ? null : 1,
            newest is null ? null : Now - Duration.FromDays(1),
            ExpireTime: null
        );

    private static PurposeVersion APurpose(LegalBasis basis = LegalBasis.Consent, int months = 0)
    {
        var text = new PurposeText("Lettre", "Une lettre par mois.", "Jusqu'au retrait.");
        var draft = new PurposeDraft("newsletter", basis, text, text, ["contact"], [], months);
        return PurposeVersion.After(newest: null, draft, "staff:test", Now);
    }

    private static ConsentEvent AnEvent(ConsentEventKind kind, int months = 0) =>
        ConsentEvent.Record(
            Guid.Parse("018f2d3c-5a7b-7c3d-9e1f-0a1b2c3d4e5f"),
            new ConsentWord(
                Guid.Parse("018f2d3c-5a7b-7c3d-9e1f-0a1b2c3d4e60"),
                "newsletter",
                kind,
                ConsentChannel.Paper,
                Language: Language.Fr
            ),
            kind,
            APurpose(months: months),
            number: 1,
            "staff:test",
            Now
        );
}
