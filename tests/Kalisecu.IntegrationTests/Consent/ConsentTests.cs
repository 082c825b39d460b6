using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Kalisecu.Consent.V1;
using Kalisecu.Errors.V1;
using Kalisecu.Tenancy;
using Kalisecu.Tenants.V1;
using Kalisecu.TestKit;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;
using Duration = NodaTime.Duration;

namespace Kalisecu.IntegrationTests.Consent;

public sealed class ConsentTests(TestServer server) : IClassFixture<TestServer>
{
    private readonly ConsentDesk _desk = new(server);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_member_gives_and_withdraws_and_every_past_moment_is_known()
    {
        var it = await _desk.MemberAsync();
        var before = server.Clock.GetCurrentInstant();
        server.Clock.AdvanceSeconds(1);
        var given = await _desk.GiveAsync(ConsentDesk.Given(), it.Member);
        var between = server.Clock.GetCurrentInstant();
        server.Clock.AdvanceSeconds(1);
        var withdrawn = await _desk.WithdrawAsync(
            new WithdrawConsentRequest { Purpose = ConsentDesk.Marketing },
            it.Member
        );

        Assert.Equal((ConsentEventKind.Given, 1), (given.Kind, given.Number));
        Assert.Equal((ConsentEventKind.Withdrawn, 2), (withdrawn.Kind, withdrawn.Number));
        Assert.Equal(ConsentChannel.Dashboard, given.Channel);
        Assert.Equal($"member:{it.Person:D}", given.Actor);
        Assert.Equal(given.TextDigest, withdrawn.TextDigest);
        Assert.Equal(ConsentStateKind.None, await _desk.StateAsync(it.Member, moment: before));
        Assert.Equal(ConsentStateKind.Given, await _desk.StateAsync(it.Member, moment: between));
        Assert.Equal(ConsentStateKind.Withdrawn, await _desk.StateAsync(it.Member));
    }

    [Fact]
    public void Withdrawing_asks_for_nothing_that_giving_does_not_ask_for()
    {
        var give = GiveConsentRequest.Descriptor.Fields.InDeclarationOrder().Select(f => f.Name);
        var withdraw = WithdrawConsentRequest.Descriptor.Fields.InDeclarationOrder().Select(f => f.Name);

        Assert.Equal(give, withdraw);
    }

    [Fact]
    public async Task Staff_records_for_a_prospect_what_came_on_paper_with_its_day()
    {
        var (person, staff) = await _desk.ProspectAsync();
        var signed = Kalisecu.Persistence.Moment.Stored(server.Clock.GetCurrentInstant() - Duration.FromDays(2));
        var request = ConsentDesk.GivenBy(person);
        request.EventTime = Timestamp.FromDateTimeOffset(signed.ToDateTimeOffset());

        var given = await _desk.GiveAsync(request, staff);

        Assert.Equal(request.EventTime, given.EventTime);
        Assert.True(given.RecordTime > given.EventTime);
        Assert.Equal((ConsentChannel.Paper, Language.En), (given.Channel, given.Language));
        Assert.Equal(ConsentStateKind.Given, await _desk.StateAsync(staff, person));
        Assert.Equal(
            TenantScope.Platform,
            await server.Given.AskAsync<Guid>(
                "select tenant_id from consent_events where event_id = $1",
                Guid.Parse(given.EventId)
            )
        );
    }

    [Fact]
    public async Task A_withdrawal_that_is_recorded_late_does_not_end_a_consent_that_was_given_after_it()
    {
        var it = await _desk.MemberAsync();
        await _desk.GiveAsync(ConsentDesk.Given(), it.Member);
        server.Clock.AdvanceSeconds(10);
        var written = server.Clock.GetCurrentInstant();
        server.Clock.AdvanceSeconds(10);
        await _desk.GiveAsync(ConsentDesk.Given(), it.Member);
        server.Clock.AdvanceSeconds(10);

        var late = await _desk.WithdrawAsync(
            new WithdrawConsentRequest
            {
                PersonId = it.Person.ToString("D"),
                Purpose = ConsentDesk.Marketing,
                Channel = ConsentChannel.Paper,
                EventTime = Timestamp.FromDateTimeOffset(written.ToDateTimeOffset()),
            },
            it.Staff
        );

        Assert.Equal((ConsentEventKind.Withdrawn, 3), (late.Kind, late.Number));
        Assert.Equal(ConsentStateKind.Withdrawn, await _desk.StateAsync(it.Member, moment: written));
        Assert.Equal(ConsentStateKind.Given, await _desk.StateAsync(it.Member));
        Assert.True((await _desk.CheckAsync(it.Person, it.Staff)).Allowed);
    }

    [Fact]
    public async Task A_history_is_listed_newest_first_page_by_page()
    {
        var it = await _desk.MemberAsync();
        for (var i = 0; i < 3; i++)
        {
            await _desk.GiveAsync(ConsentDesk.Given(), it.Member);
        }

        var numbers = new List<int>();
        var request = new ListConsentEventsRequest { PageSize = 2 };
        do
        {
            var page = await _desk.Consents.ListConsentEventsAsync(request, it.Member, cancellationToken: Cancel);
            numbers.AddRange(page.Events.Select(e => e.Number));
            request.PageToken = page.NextPageToken;
        } while (request.PageToken.Length > 0);

        Assert.Equal([3, 2, 1], numbers);
    }

    [Fact]
    public async Task Nobody_changes_or_takes_away_an_event_not_even_the_owner()
    {
        var it = await _desk.MemberAsync();
        var given = await _desk.GiveAsync(ConsentDesk.Given(), it.Member);
        var id = Guid.Parse(given.EventId);

        foreach (
            var sql in (string[])
                [
                    "update consent_events set kind = 'Refused' where event_id = $1",
                    "delete from consent_events where event_id = $1",
                    "with gone as (select $1::uuid) update purpose_versions set text_fr = 'x'",
                ]
        )
        {
            var refused = await Assert.ThrowsAsync<Npgsql.PostgresException>(() => server.Given.RunAsync(sql, id));
            Assert.Equal("23001", refused.SqlState);
        }
    }

    [Fact]
    public async Task Every_event_is_evidence_with_the_same_digest()
    {
        var it = await _desk.MemberAsync();
        var given = await _desk.GiveAsync(ConsentDesk.Given(), it.Member);

        Assert.Equal(
            Convert.ToHexStringLower(given.Digest.Span),
            await server.Given.AskAsync<string>(
                "select facts ->> 'event_digest' from evidence_entries where tenant_id = $1 and subject_id = $2 and kind = $3",
                it.Tenant,
                Guid.Parse(given.EventId),
                "consent.given"
            )
        );
    }

    [Fact]
    public async Task A_repeat_answers_the_first_event_for_persons_of_no_tenant_too()
    {
        var (person, staff) = await _desk.ProspectAsync();
        var request = ConsentDesk.GivenBy(person, ConsentChannel.Phone);
        request.RequestId = Guid.CreateVersion7().ToString("D");

        var first = await _desk.GiveAsync(request, staff);
        var again = await _desk.GiveAsync(request, staff);

        Assert.Equal(first, again);
    }

    [Fact]
    public async Task A_consent_that_ran_out_is_over_at_once_and_recorded_by_the_job()
    {
        var it = await _desk.MemberAsync();
        var purpose = await _desk.OldPurposeAsync(consentMonths: 12);
        var now = server.Clock.GetCurrentInstant();
        var request = ConsentDesk.GivenBy(it.Person);
        request.Purpose = purpose;
        request.EventTime = Timestamp.FromDateTimeOffset(
            now.InUtc().LocalDateTime.PlusYears(-1).PlusSeconds(30).InUtc().ToDateTimeOffset()
        );
        var given = await _desk.GiveAsync(request, it.Staff);
        Assert.True((await _desk.CheckAsync(it.Person, it.Staff, purpose)).Allowed);

        server.Clock.AdvanceSeconds(31);

        Assert.Equal(ConsentStateKind.Expired, await _desk.StateAsync(it.Member, purpose: purpose));
        Assert.Equal(ProcessingReason.Expired, (await _desk.CheckAsync(it.Person, it.Staff, purpose)).Reason);

        var job = server.Services.GetRequiredService<Kalisecu.Consent.ExpireConsents>();
        await job.RunAsync("worker:expire-consents", Cancel);
        await job.RunAsync("worker:expire-consents", Cancel);

        var events = await _desk.Consents.ListConsentEventsAsync(new(), it.Member, cancellationToken: Cancel);
        Assert.Equal([ConsentEventKind.Expired, ConsentEventKind.Given], events.Events.Select(e => e.Kind));
        Assert.Equal(given.ExpireTime, events.Events[0].EventTime);
        Assert.Equal(ConsentChannel.System, events.Events[0].Channel);
    }

    [Fact]
    public async Task Words_said_at_once_are_numbered_without_gap_and_the_last_recorded_holds()
    {
        var it = await _desk.MemberAsync();

        await Task.WhenAll(
            Enumerable
                .Range(0, 12)
                .Select(i =>
                    i % 2 == 0
                        ? _desk.GiveAsync(ConsentDesk.Given(), it.Member)
                        : _desk.WithdrawAsync(new WithdrawConsentRequest { Purpose = ConsentDesk.Marketing }, it.Member)
                )
        );

        var events = await _desk.Consents.ListConsentEventsAsync(new(), it.Member, cancellationToken: Cancel);
        Assert.Equal(Enumerable.Range(1, events.Events.Count).Reverse(), events.Events.Select(e => e.Number));
        Assert.Equal(
            events.Events[0].EventId,
            (
                await server.Given.AskAsync<Guid>("select event_id from consent_states where person_id = $1", it.Person)
            ).ToString("D")
        );
    }

    [Fact]
    public async Task The_current_states_equal_a_replay_of_the_ledger()
    {
        var it = await _desk.MemberAsync();
        var (prospect, staff) = await _desk.ProspectAsync();
        await _desk.GiveAsync(ConsentDesk.Given(), it.Member);
        await _desk.WithdrawAsync(new WithdrawConsentRequest { Purpose = ConsentDesk.Marketing }, it.Member);
        await _desk.GiveAsync(ConsentDesk.GivenBy(prospect), staff);

        const string compare = """
            select count(*) from ({0}) as replayed
            full join consent_states s using (tenant_id, person_id, purpose)
            where (replayed.event_id, replayed.number, replayed.kind, replayed.text_version, replayed.event_time,
                replayed.expire_time) is distinct from (s.event_id, s.number, s.kind, s.text_version, s.event_time, s.expire_time)
            """;

        Assert.NotEqual(0L, await server.Given.AskAsync<long>("select count(*) from consent_states"));
        Assert.Equal(
            0L,
            await server.Given.AskAsync<long>(
                compare.Replace("{0}", Kalisecu.Consent.ConsentSql.Replay, StringComparison.Ordinal)
            )
        );
    }

    [Fact]
    public async Task A_member_learns_and_changes_nothing_of_another()
    {
        var it = await _desk.MemberAsync();
        var other = await server.Given.PersonAsync(
            it.Tenant,
            Kalisecu.Persistence.PersonKind.Member,
            ConsentDesk.NextEmail()
        );
        var given = await _desk.GiveAsync(ConsentDesk.GivenBy(other), it.Staff);
        var request = ConsentDesk.Given();
        request.PersonId = other.ToString("D");

        await Refused.WithAsync(ErrorReason.NotFound, () => _desk.GiveAsync(request, it.Member));
        await Refused.WithAsync(ErrorReason.NotFound, () => _desk.StateAsync(it.Member, other));
        await Refused.WithAsync(ErrorReason.NotFound, () => _desk.CheckAsync(other, it.Member));
        await Refused.WithAsync(
            ErrorReason.NotFound,
            async () =>
                await _desk.Consents.GetReceiptAsync(
                    new GetReceiptRequest { EventId = given.EventId },
                    it.Member,
                    cancellationToken: Cancel
                )
        );
    }

    [Fact]
    public async Task A_restricted_or_erased_person_is_out_of_sight_and_of_reach()
    {
        foreach (var column in (string[])["restrict_time = $2", "erase_time = $2, email_hash = null"])
        {
            var it = await _desk.MemberAsync();
            await _desk.GiveAsync(ConsentDesk.Given(), it.Member);
            await server.Given.RunAsync(
                $"update persons set {column} where person_id = $1",
                it.Person,
                server.Clock.GetCurrentInstant()
            );

            await Refused.WithAsync(ErrorReason.NotFound, () => _desk.StateAsync(it.Staff, it.Person));
            await Refused.WithAsync(
                ErrorReason.NotFound,
                () => _desk.GiveAsync(ConsentDesk.GivenBy(it.Person), it.Staff)
            );
            await using var connection = await server
                .Services.GetRequiredService<TenantDatabase>()
                .OpenAsync(it.Tenant, Cancel);
            await using var command = connection.Command("select count(*) from consent_events");
            Assert.Equal(0L, await command.ExecuteScalarAsync(Cancel));
        }
    }
}
