using Kalisecu.Deliveries;
using Kalisecu.Outbox;
using Kalisecu.TestKit;
using NodaTime;

namespace Kalisecu.IntegrationTests.Deliveries;

/// <summary>Letters through a real SMTP server of another maker, over TLS with certificates of our own.</summary>
public sealed class DeliveryTests(TestDatabase database) : IClassFixture<TestDatabase>, IDisposable
{
    private readonly TestAuthorities _authorities = new();

    public void Dispose() => _authorities.Dispose();

    [Theory]
    [InlineData("starttls")]
    [InlineData("implicit")]
    public async Task A_letter_goes_out_over_TLS_after_signing_in(string tls)
    {
        using var server = await SmtpServer.StartAsync(_authorities, tls, signIn: tls is "starttls");
        await using var outbox = new AnOutbox(database);
        outbox.Settings.Delivery.Smtp = server.Options(outbox.Folder, _authorities);
        if (tls is "implicit")
        {
            outbox.Settings.Delivery.Smtp.Security = SmtpSecurity.Implicit;
            outbox.Settings.Delivery.Smtp.UserFile = "";
        }

        var letter = await outbox.PostAsync("ada@client.example");
        await outbox.DeliverAsync();

        Assert.Equal("Sent", (await outbox.StateAsync(letter)).State);
        Assert.Contains(($"{letter:D}@kalisecu.com", "ada@client.example"), server.Taken);
    }

    [Fact]
    public async Task A_relay_without_TLS_or_with_a_foreign_certificate_gets_nothing()
    {
        using var clear = await SmtpServer.StartAsync(_authorities, "none", signIn: false);
        using var others = new TestAuthorities();
        using var foreign = await SmtpServer.StartAsync(others);

        Assert.Equal(("Queued", "no_starttls", 0), await TryAsync(clear, _ => { }));
        Assert.Equal(("Queued", "certificate_refused", 0), await TryAsync(foreign, _ => { }));
        Assert.Equal(("Queued", "certificate_refused", 0), await TryAsync(foreign, smtp => smtp.AuthorityFile = ""));
        Assert.Empty(clear.Taken);
        Assert.Empty(foreign.Taken);
    }

    [Fact]
    public async Task A_wrong_password_counts_as_no_attempt_of_a_letter()
    {
        using var server = await SmtpServer.StartAsync(_authorities);

        var state = await TryAsync(server, smtp => smtp.PasswordFile = smtp.UserFile);

        Assert.Equal(("Queued", "sign_in_refused", 0), state);
        Assert.Empty(server.Taken);
    }

    [Fact]
    public async Task What_is_refused_for_now_is_tried_again_and_what_is_refused_for_good_is_dead()
    {
        using var server = await SmtpServer.StartAsync(_authorities);
        await using var outbox = new AnOutbox(database);
        outbox.Settings.Delivery.Smtp = server.Options(outbox.Folder, _authorities);
        var later = await outbox.PostAsync("later@client.example");
        var never = await outbox.PostAsync("never@client.example");

        await outbox.DeliverAsync();
        var first = await outbox.StateAsync(later);
        outbox.Clock.Advance(Duration.FromSeconds(59));
        await outbox.DeliverAsync();
        var early = await outbox.StateAsync(later);
        outbox.Clock.Advance(Duration.FromSeconds(2));
        await outbox.DeliverAsync();

        Assert.Equal(("Queued", "smtp_451", 1), first);
        Assert.Equal(first, early);
        Assert.Equal(("Sent", "", 2), await outbox.StateAsync(later));
        Assert.Equal(("Dead", "smtp_550", 1), await outbox.StateAsync(never));
    }

    [Fact]
    public async Task A_restricted_or_erased_person_gets_only_what_the_law_requires()
    {
        await using var outbox = new AnOutbox(database);
        outbox.Settings.Delivery.PickupFolder = outbox.Folder["mail"];
        var restricted = await outbox.PersonAsync(isRestricted: true);
        var erased = await outbox.PersonAsync(isErased: true);
        var service = await outbox.PostAsync("a@client.example", LetterNature.Service, restricted);
        var required = await outbox.PostAsync("a@client.example", LetterNature.Required, restricted);
        var gone = await outbox.PostAsync("b@client.example", LetterNature.Service, erased);
        var certificate = await outbox.PostAsync("b@client.example", LetterNature.Required, erased);
        var marketing = await outbox.PostAsync("c@client.example", LetterNature.Marketing);

        await outbox.DeliverAsync();

        // The database itself never lets it into the queue.
        Assert.Equal(("Suppressed", "person_restricted", 0), await outbox.StateAsync(service));
        Assert.Equal(("Sent", "", 1), await outbox.StateAsync(required));
        Assert.Equal(("Suppressed", "person_erased", 1), await outbox.StateAsync(gone));
        Assert.Equal(("Sent", "", 1), await outbox.StateAsync(certificate));
        Assert.Equal(("Suppressed", "person_unknown", 1), await outbox.StateAsync(marketing));
        Assert.Equal(
            new[] { required, certificate }.Select(l => $"{l:D}.eml").Order(StringComparer.Ordinal),
            Directory
                .EnumerateFiles(outbox.Folder["mail"])
                .Select(f => Path.GetFileName(f))
                .Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public async Task A_claim_that_ran_out_says_nothing_about_a_letter_that_was_claimed_anew()
    {
        await using var outbox = new AnOutbox(database);
        outbox.Settings.Delivery.PickupFolder = outbox.Folder["mail"];
        var letter = await outbox.PostAsync("ada@client.example");
        var stale = (await outbox.Claims.ClaimAsync(Cancel)).Single(l => l.LetterId == letter);
        outbox.Clock.Advance(Duration.FromSeconds(outbox.Settings.Delivery.ClaimSeconds));
        var newest = (await outbox.Claims.ClaimAsync(Cancel)).Single(l => l.LetterId == letter);

        await outbox.Claims.RecordAsync([new LetterOutcome(stale, LetterState.Dead, "late", stale.Claim.Time)], Cancel);
        Assert.Equal(("Queued", "", 2), await outbox.StateAsync(letter));

        await outbox.Claims.RecordAsync([new LetterOutcome(newest, LetterState.Sent, null, newest.Claim.Time)], Cancel);
        Assert.Equal(("Sent", "", 2), await outbox.StateAsync(letter));
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private async Task<(string State, string Reason, int Attempts)> TryAsync(
        SmtpServer server,
        Action<DeliveryOptions.SmtpOptions> adjust
    )
    {
        await using var outbox = new AnOutbox(database);
        outbox.Settings.Delivery.Smtp = server.Options(outbox.Folder, _authorities);
        adjust(outbox.Settings.Delivery.Smtp);
        var letter = await outbox.PostAsync("ada@client.example");
        // Letters of other tests wait their turn too, and are sealed with other keys.
        await outbox.AskAsync<int>(
            $"with d as (delete from letters where letter_id <> '{letter:D}' returning 1) select count(*)::int from d"
        );
        var counts = await outbox.DeliverAsync();
        Assert.True(counts.RelayDown);
        return await outbox.StateAsync(letter);
    }
}
