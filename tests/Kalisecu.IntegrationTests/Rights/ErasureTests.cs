using Kalisecu.Errors;
using Kalisecu.Errors.V1;
using Kalisecu.Persons;
using Kalisecu.Rights;
using NodaTime;

namespace Kalisecu.IntegrationTests.Rights;

public sealed class ErasureTests
{
    private const string Gone = "test_notes:0/0 test_remarks:0/0 test_invoices:1/1";
    private const string There = "test_notes:3/0 test_remarks:2/0 test_invoices:1/0";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_the_plan_says_goes_goes_and_what_a_law_keeps_is_restricted_until_its_day()
    {
        await using var desk = await ErasureDesk.OpenAsync();
        var person = await desk.PersonAsync();

        var erasure = await desk.ApprovedAsync(person);
        Assert.Equal(There, await desk.RowsAsync(person));
        Assert.Equal(1, await desk.WorkAsync());

        Assert.Equal(Gone, await desk.RowsAsync(person));
        Assert.Equal(
            6L,
            await desk.AskAsync<long>(
                "select (select count(*) from test_notes) + (select count(*) from test_remarks) + (select count(*) from test_invoices) - 1"
            )
        );
        var steps = await desk.StepsAsync(person, erasure);
        Assert.Equal(["rights", "test_invoices", "test_notes", "test_remarks"], steps.Select(s => s.Store));
        Assert.Equal(steps.Select(s => s.PlannedCount), steps.Select(s => s.ErasedCount ?? -1));
        Assert.Equal(steps.Select(s => s.PlannedKept), steps.Select(s => s.Kept));
        Assert.Equal([new KeptRows(1, "17(3)(b)", new LocalDate(2037, 1, 1))], KeptJson.Read(steps[1].Kept));
        Assert.Equal(ErasureState.Completed, (await desk.ErasureAsync(person, erasure)).State);
        Assert.Equal(0, await desk.WorkAsync());
    }

    [Fact]
    public async Task Nothing_is_erased_before_staff_have_approved_the_plan()
    {
        await using var desk = await ErasureDesk.OpenAsync();
        var person = await desk.PersonAsync();
        await desk.PlannedAsync(person);

        Assert.Equal(0, await desk.WorkAsync());
        Assert.Equal(There, await desk.RowsAsync(person));
    }

    [Theory]
    [InlineData("test_invoices")]
    [InlineData("test_notes")]
    [InlineData("test_remarks")]
    public async Task A_worker_that_ends_in_the_middle_of_a_step_is_carried_on_by_the_next(string store)
    {
        await using var desk = await ErasureDesk.OpenAsync();
        var person = await desk.PersonAsync();
        var erasure = await desk.ApprovedAsync(person);
        using var killed = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var victim = desk.Stores.Single(s => string.Equals(s.Name, store, StringComparison.Ordinal));
        victim.AfterErasing = killed.CancelAsync;

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            desk.Worker<ExecuteErasure>().RunDueAsync(killed.Token)
        );

        // The step that was cut off has left nothing, those before it everything.
        victim.AfterErasing = () => Task.CompletedTask;
        Assert.Equal(ErasureState.Running, (await desk.ErasureAsync(person, erasure)).State);
        Assert.Equal(0, await desk.WorkAsync());
        desk.Clock.Advance(ErasureSteps.ClaimFor);
        Assert.Equal(1, await desk.WorkAsync());
        await AssertAsUndisturbedAsync(desk, person, erasure);
    }

    [Fact]
    public async Task A_worker_that_ends_after_the_last_step_is_carried_on_by_the_next()
    {
        await using var desk = await ErasureDesk.OpenAsync();
        var person = await desk.PersonAsync();
        var erasure = await desk.ApprovedAsync(person);
        await desk.RunAsync(
            """
            create trigger test_stops before update on erasures for each row when (new.state = 'Completed')
                execute function refuse_change()
            """
        );
        Assert.Equal(0, await desk.WorkAsync());
        Assert.Equal(ErasureState.Running, (await desk.ErasureAsync(person, erasure)).State);

        await desk.RunAsync("drop trigger test_stops on erasures");
        desk.Clock.Advance(ErasureSteps.ClaimFor);
        Assert.Equal(1, await desk.WorkAsync());
        await AssertAsUndisturbedAsync(desk, person, erasure);
    }

    [Fact]
    public async Task A_store_that_fails_is_asked_again_ever_more_rarely_while_the_others_acknowledge()
    {
        await using var desk = await ErasureDesk.OpenAsync();
        var person = await desk.PersonAsync();
        var erasure = await desk.ApprovedAsync(person);
        desk.Notes.FailNext(2);

        Assert.Equal(0, await desk.WorkAsync());
        var first = await desk.ErasureAsync(person, erasure);
        Assert.Equal((ErasureState.Running, "test_notes", 1), (first.State, first.FailedStore, first.AttemptCount));
        Assert.Equal(Duration.FromMinutes(1), first.NextTime - desk.Clock.GetCurrentInstant());
        Assert.Equal("test_notes:3/0 test_remarks:0/0 test_invoices:1/1", await desk.RowsAsync(person));
        Assert.Equal(0, await desk.WorkAsync());

        desk.Clock.Advance(Duration.FromMinutes(1));
        Assert.Equal(0, await desk.WorkAsync());
        var second = await desk.ErasureAsync(person, erasure);
        Assert.Equal(Duration.FromMinutes(2), second.NextTime - desk.Clock.GetCurrentInstant());
        Assert.Equal(0L, await desk.AskAsync<long>("select count(*) from letters"));

        desk.Clock.Advance(Duration.FromMinutes(2));
        Assert.Equal(1, await desk.WorkAsync());
        await AssertAsUndisturbedAsync(desk, person, erasure);
    }

    [Fact]
    public async Task While_a_store_that_others_would_blind_fails_none_of_them_is_asked()
    {
        await using var desk = await ErasureDesk.OpenAsync(StoreOrder.First);
        var person = await desk.PersonAsync();
        var erasure = await desk.ApprovedAsync(person);
        desk.Notes.FailNext(1);

        Assert.Equal(0, await desk.WorkAsync());
        Assert.Equal(There, await desk.RowsAsync(person));
        Assert.Equal("test_notes", (await desk.ErasureAsync(person, erasure)).FailedStore);

        desk.Clock.Advance(Duration.FromMinutes(1));
        Assert.Equal(1, await desk.WorkAsync());
        Assert.Equal(Gone, await desk.RowsAsync(person));
    }

    [Fact]
    public async Task A_person_of_two_tenants_is_erased_where_it_was_asked()
    {
        await using var desk = await ErasureDesk.OpenAsync();
        var here = await desk.PersonAsync();
        var there = here with { TenantId = Guid.CreateVersion7() };
        await desk.FillAsync(there);
        await desk.ApprovedAsync(here);

        await desk.WorkAsync();

        Assert.Equal(
            (0L, 3L),
            (
                await desk.AskAsync<long>(
                    "select count(*) from test_notes where tenant_id = $1 and person_id = $2",
                    here.TenantId,
                    here.PersonId
                ),
                await desk.AskAsync<long>("select count(*) from test_notes where tenant_id = $1", there.TenantId)
            )
        );
    }

    [Fact]
    public async Task Of_two_staff_who_plan_or_approve_at_once_one_is_refused()
    {
        await using var desk = await ErasureDesk.OpenAsync();
        var person = await desk.PersonAsync();

        var plans = await Task.WhenAll(Try(() => desk.PlannedAsync(person)), Try(() => desk.PlannedAsync(person)));
        Assert.Equal(ErrorReason.ErasureUnderWay, Assert.Single(plans.OfType<Refusal>()).Reason);

        var erasure = plans.OfType<Guid>().Single();
        var etag = Kalisecu.Persistence.Etag.Write((await desk.ErasureAsync(person, erasure)).Version);
        var approvals = await Task.WhenAll(
            Try(() => desk.ApproveAsync(person, erasure, etag)),
            Try(() => desk.ApproveAsync(person, erasure, etag))
        );
        Assert.Equal(ErrorReason.ChangedSinceRead, Assert.Single(approvals.OfType<Refusal>()).Reason);
        Assert.Equal(
            ErrorReason.ErasureState,
            (await Assert.ThrowsAsync<Refusal>(() => desk.ApproveAsync(person, erasure))).Reason
        );
    }

    [Fact]
    public async Task Several_workers_share_what_is_due_and_do_nothing_twice()
    {
        await using var desk = await ErasureDesk.OpenAsync();
        var persons = new List<PersonRef>();
        for (var i = 0; i < 40; i++)
        {
            persons.Add(await desk.PersonAsync(persons.FirstOrDefault()?.TenantId));
            await desk.ApprovedAsync(persons[^1]);
        }

        var done = await Task.WhenAll(desk.WorkAsync(), desk.WorkAsync(), desk.WorkAsync());

        Assert.Equal(40, done.Sum());
        Assert.Equal(
            (40L, 160L),
            (
                await desk.AskAsync<long>("select count(*) from evidence_entries where kind = 'erasure.completed'"),
                await desk.AskAsync<long>("select count(*) from evidence_entries where kind = 'erasure.acknowledged'")
            )
        );
    }

    [Theory]
    [InlineData("update privacy_requests set state = 'Withdrawn', close_time = now(), next_alarm_time = null")]
    [InlineData("update privacy_requests set state = 'Completed', close_time = now(), next_alarm_time = null")]
    [InlineData(
        "update privacy_request_rights set outcome = 'Refused', outcome_time = now() where right_name = 'Erasure'"
    )]
    public async Task An_erasure_whose_request_ended_before_the_first_step_does_not_happen(string ending)
    {
        await using var desk = await ErasureDesk.OpenAsync();
        var person = await desk.PersonAsync();
        var other = await desk.PersonAsync();
        var approved = await desk.ApprovedAsync(person);
        var planned = await desk.PlannedAsync(other);
        await desk.RunAsync(ending);

        Assert.Equal(0, await desk.WorkAsync());
        Assert.Equal(There, await desk.RowsAsync(person));
        Assert.Equal(ErasureState.Cancelled, (await desk.ErasureAsync(person, approved)).State);
        Assert.Equal(
            1L,
            await desk.AskAsync<long>("select count(*) from evidence_entries where kind = 'erasure.cancelled'")
        );
        Assert.True(
            (await Assert.ThrowsAsync<Refusal>(() => desk.ApproveAsync(other, planned))).Reason
                is ErrorReason.PrivacyRequestClosed
                    or ErrorReason.RightHasOutcome
        );
    }

    [Fact]
    public async Task Whoever_planned_an_erasure_does_not_approve_it()
    {
        await using var desk = await ErasureDesk.OpenAsync();
        var person = await desk.PersonAsync();
        var erasure = await desk.PlannedAsync(person);

        var refusal = await Assert.ThrowsAsync<Refusal>(() =>
            desk.ApproveAsync(person, erasure, actor: ErasureDesk.Case(person).Actor)
        );

        Assert.Equal(ErrorReason.ErasureNeedsSecondPerson, refusal.Reason);
        Assert.Equal(ErasureState.Planned, (await desk.ErasureAsync(person, erasure)).State);
    }

    [Fact]
    public async Task An_erasure_waits_while_the_person_is_under_restriction()
    {
        await using var desk = await ErasureDesk.OpenAsync();
        var person = await desk.PersonAsync();
        await desk.InTenantAsync(
            person,
            db => desk.Desk<RestrictPerson>().RunAsync(db, ErasureDesk.Case(person), RestrictionGround.Claims, Cancel)
        );
        var erasure = await desk.ApprovedAsync(person);

        Assert.Equal(0, await desk.WorkAsync());
        Assert.Equal("test_notes:3/3 test_remarks:2/2 test_invoices:1/1", await desk.RowsAsync(person));
        Assert.Equal(ErasureState.Approved, (await desk.ErasureAsync(person, erasure)).State);

        await desk.RunAsync(
            "update restrictions set announce_time = create_time, lift_date = create_time::date, lift_time = create_time + '1 s'"
        );
        desk.Clock.Advance(Duration.FromHours(1));
        Assert.Equal(1, await desk.WorkAsync());
        Assert.Equal(Gone, await desk.RowsAsync(person));
    }

    [Fact]
    public async Task Two_erasures_of_one_request_that_end_at_once_record_its_outcome()
    {
        await using var desk = await ErasureDesk.OpenAsync();
        var persons = new[] { await desk.PersonAsync(), await desk.PersonAsync() };
        var request = Guid.CreateVersion7();
        await desk.RequestAsync(request, persons);
        foreach (var person in persons)
        {
            await desk.ApprovedAsync(person, request);
        }

        // Each has written that it is complete before it looks whether the other is.
        await desk.RunAsync(
            """
            create function test_waits() returns trigger language plpgsql as
                $$ begin perform pg_sleep(0.5); return new; end $$
            """
        );
        await desk.RunAsync(
            """
            create trigger test_waits before update on erasures for each row when (new.state = 'Completed')
                execute function test_waits()
            """
        );

        Assert.Equal(2, await desk.WorkAsync());
        Assert.Equal("PartlyGranted", await OutcomeAsync(desk, request));
    }

    [Fact]
    public async Task What_was_kept_of_one_person_counts_for_the_request_of_several()
    {
        await using var desk = await ErasureDesk.OpenAsync();
        var persons = new[] { await desk.PersonAsync(), await desk.PersonAsync() };
        var request = Guid.CreateVersion7();
        await desk.RequestAsync(request, persons);
        await desk.RunAsync("delete from test_invoices where person_id = $1", persons[1].PersonId);

        await desk.ApprovedAsync(persons[0], request);
        await desk.WorkAsync();
        Assert.Equal("", await OutcomeAsync(desk, request));
        await desk.ApprovedAsync(persons[1], request);
        await desk.WorkAsync();

        Assert.Equal("PartlyGranted", await OutcomeAsync(desk, request));
    }

    private static Task<string> OutcomeAsync(ErasureDesk desk, Guid request) =>
        desk.AskAsync<string>(
            "select coalesce(outcome, '') from privacy_request_rights where privacy_request_id = $1 and right_name = 'Erasure'",
            request
        );

    private static async Task AssertAsUndisturbedAsync(ErasureDesk desk, PersonRef person, Guid erasure)
    {
        Assert.Equal(Gone, await desk.RowsAsync(person));
        var steps = await desk.StepsAsync(person, erasure);
        Assert.Equal([0, 0, 3, 2], steps.Select(s => s.ErasedCount ?? -1));
        Assert.Equal(ErasureState.Completed, (await desk.ErasureAsync(person, erasure)).State);
        Assert.Equal(
            (4L, 1L),
            (
                await desk.AskAsync<long>("select count(*) from evidence_entries where kind = 'erasure.acknowledged'"),
                await desk.AskAsync<long>("select count(*) from evidence_entries where kind = 'erasure.completed'")
            )
        );
    }

    private static Task<Erasure> ApproveAsync(ErasureDesk desk, PersonRef person, Guid erasure, string etag) =>
        desk.InTenantAsync(
            person,
            db => desk.Desk<PlanErasure>().ApproveAsync(db, erasure, etag, "staff:test", Cancel)
        );

    private static async Task<object> Try<T>(Func<Task<T>> act)
    {
        try
        {
            return (await act())!;
        }
        catch (Refusal refusal)
        {
            return refusal;
        }
    }
}
