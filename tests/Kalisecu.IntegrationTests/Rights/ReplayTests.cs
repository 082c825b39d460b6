using Kalisecu.Persons;
using Kalisecu.Rights;
using NodaTime;

namespace Kalisecu.IntegrationTests.Rights;

/// <summary>A database restored from before an erasure, under the journal of now.</summary>
public sealed class ReplayTests
{
    private const string Gone = "test_notes:0/0 test_remarks:0/0 test_invoices:1/1";
    private const string There = "test_notes:3/0 test_remarks:2/0 test_invoices:1/0";

    public enum Backup
    {
        BeforeThePlan,
        BeforeTheApproval,
        BeforeTheWork,
        WhileOneStoreFails,
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(Backup.BeforeThePlan)]
    [InlineData(Backup.BeforeTheApproval)]
    [InlineData(Backup.BeforeTheWork)]
    [InlineData(Backup.WhileOneStoreFails)]
    public async Task Who_was_erased_since_the_backup_is_erased_again_before_a_server_opens(Backup moment)
    {
        await using var desk = await ErasureDesk.OpenAsync();
        var person = await desk.PersonAsync();
        var stays = await desk.PersonAsync(person.TenantId);
        var backup = moment is Backup.BeforeThePlan ? await desk.BackUpAsync() : null;
        var erasure = await desk.PlannedAsync(person);
        backup ??= moment is Backup.BeforeTheApproval ? await desk.BackUpAsync() : null;
        await desk.ApproveAsync(person, erasure);
        backup ??= moment is Backup.BeforeTheWork ? await desk.BackUpAsync() : null;
        desk.Notes.FailNext(moment is Backup.WhileOneStoreFails ? 1 : 0);
        await desk.WorkAsync();
        backup ??= await desk.BackUpAsync();
        desk.Clock.Advance(Duration.FromHours(1));
        await desk.WorkAsync();
        Assert.Equal(Gone, await desk.RowsAsync(person));
        await GateOf(desk).StartAsync(Cancel);

        await using var restored = desk.Over(backup);
        Assert.NotEqual(Gone, await restored.RowsAsync(person));
        await Assert.ThrowsAsync<InvalidOperationException>(() => GateOf(restored).StartAsync(Cancel));
        Assert.Equal(new ReplayOutcome(1, 0), await restored.Worker<ReplayErasures>().RunAsync(false, Cancel));

        Assert.Equal(Gone, await restored.RowsAsync(person));
        Assert.Equal(There, await restored.RowsAsync(stays));
        Assert.True((await restored.ErasureAsync(person, erasure)).IsReplay);
        await GateOf(restored).StartAsync(Cancel);
        Assert.Equal(new ReplayOutcome(0, 0), await restored.Worker<ReplayErasures>().RunAsync(false, Cancel));
    }

    [Fact]
    public async Task A_server_stays_closed_while_a_store_has_not_forgotten_again()
    {
        await using var desk = await ErasureDesk.OpenAsync();
        var person = await desk.PersonAsync();
        var backup = await desk.BackUpAsync();
        await desk.ApprovedAsync(person);
        await desk.WorkAsync();
        await using var restored = desk.Over(backup);
        restored.Remarks.FailNext(1);

        Assert.Equal(new ReplayOutcome(1, 1), await restored.Worker<ReplayErasures>().RunAsync(false, Cancel));
        await Assert.ThrowsAsync<InvalidOperationException>(() => GateOf(restored).StartAsync(Cancel));

        Assert.Equal(new ReplayOutcome(1, 0), await restored.Worker<ReplayErasures>().RunAsync(false, Cancel));
        Assert.Equal(Gone, await restored.RowsAsync(person));
    }

    [Fact]
    public async Task A_journal_that_lost_entries_or_is_anothers_keeps_the_server_closed()
    {
        await using var desk = await ErasureDesk.OpenAsync();
        await desk.ApprovedAsync(await desk.PersonAsync());
        await desk.WorkAsync();
        await desk.Worker<JournalGate>().FindForgottenAsync(movesMark: true, Cancel);
        await GateOf(desk).StartAsync(Cancel);
        await using var other = await ErasureDesk.OpenAsync();

        await desk.RunAsync("update erasure_journal_marks set hash = sha256('other')");
        await Assert.ThrowsAsync<InvalidDataException>(() => GateOf(desk).StartAsync(Cancel));

        await other.RunAsync("insert into erasure_journal_marks values (1, 7, sha256('lost'), now())");
        await Assert.ThrowsAsync<InvalidDataException>(() => GateOf(other).StartAsync(Cancel));
    }

    [Fact]
    public async Task A_worker_does_not_pass_over_what_a_restored_database_has_forgotten()
    {
        await using var desk = await ErasureDesk.OpenAsync();
        var first = await desk.PersonAsync();
        var second = await desk.PersonAsync();
        var backup = await desk.BackUpAsync();
        await desk.ApprovedAsync(first);
        await desk.WorkAsync();
        await using var restored = desk.Over(backup);

        await restored.ApprovedAsync(second);
        await restored.WorkAsync();

        var forgotten = await restored.Worker<JournalGate>().FindForgottenAsync(movesMark: true, Cancel);
        Assert.Equal(first.PersonId, Assert.Single(forgotten).Person.PersonId);
    }

    [Fact]
    public async Task A_person_who_was_erased_twice_is_erased_again_in_one_replay()
    {
        await using var desk = await ErasureDesk.OpenAsync();
        var person = await desk.PersonAsync();
        var backup = await desk.BackUpAsync();
        await desk.ApprovedAsync(person);
        await desk.WorkAsync();
        await desk.RunAsync("delete from test_invoices where person_id = $1", person.PersonId);
        await desk.FillAsync(person);
        await desk.ApprovedAsync(person, Guid.CreateVersion7());
        await desk.WorkAsync();

        await using var restored = desk.Over(backup);
        Assert.Equal(new ReplayOutcome(2, 0), await restored.Worker<ReplayErasures>().RunAsync(false, Cancel));

        Assert.Equal(Gone, await restored.RowsAsync(person));
        await GateOf(restored).StartAsync(Cancel);
    }

    [Fact]
    public async Task A_journal_whose_end_was_cut_off_keeps_a_restored_database_closed()
    {
        await using var desk = await ErasureDesk.OpenAsync();
        var backup = await desk.BackUpAsync();
        await desk.ApprovedAsync(await desk.PersonAsync());
        await desk.WorkAsync();
        var lines = await File.ReadAllLinesAsync(desk.JournalFile, Cancel);
        await using var restored = desk.Over(backup);

        foreach (var left in new[] { 1, 0 })
        {
            await File.WriteAllLinesAsync(desk.JournalFile, lines[..left], Cancel);
            await Assert.ThrowsAsync<InvalidDataException>(() => GateOf(restored).StartAsync(Cancel));
        }

        File.Delete(desk.JournalFile);
        await Assert.ThrowsAsync<InvalidDataException>(() => GateOf(restored).StartAsync(Cancel));
    }

    [Fact]
    public async Task A_journal_that_comes_without_its_length_is_taken_when_an_operator_says_so_and_not_before()
    {
        await using var desk = await ErasureDesk.OpenAsync();
        var person = await desk.PersonAsync();
        var backup = await desk.BackUpAsync();
        await desk.ApprovedAsync(person);
        await desk.WorkAsync();
        File.Delete(desk.HeadFile);
        await using var restored = desk.Over(backup);

        await Assert.ThrowsAsync<InvalidDataException>(() => GateOf(restored).StartAsync(Cancel));
        await Assert.ThrowsAsync<InvalidDataException>(() =>
            restored.Worker<ReplayErasures>().RunAsync(acceptsWithoutHead: false, Cancel)
        );
        var entry = new JournalEntry(JournalEvent.Begun, Guid.CreateVersion7(), Guid.CreateVersion7(), person);
        await Assert.ThrowsAsync<InvalidDataException>(() =>
            desk.Worker<ErasureJournal>().AppendAsync([entry], Cancel)
        );
        await desk.Worker<ErasureJournal>().BeginAsync(Cancel);
        Assert.False(File.Exists(desk.HeadFile));

        Assert.Equal(
            new ReplayOutcome(1, 0),
            await restored.Worker<ReplayErasures>().RunAsync(acceptsWithoutHead: true, Cancel)
        );
        Assert.Equal(Gone, await restored.RowsAsync(person));
        await GateOf(restored).StartAsync(Cancel);
        Assert.Equal(
            "2",
            await restored.AskAsync<string>(
                "select facts->>'entries' from evidence_entries where kind = 'erasure_journal.accepted_without_head'"
            )
        );
    }

    [Fact]
    public async Task An_operator_cannot_accept_a_journal_that_is_known_to_be_cut_off()
    {
        await using var desk = await ErasureDesk.OpenAsync();
        var backup = await desk.BackUpAsync();
        await desk.ApprovedAsync(await desk.PersonAsync());
        await desk.WorkAsync();
        var lines = await File.ReadAllLinesAsync(desk.JournalFile, Cancel);
        await File.WriteAllLinesAsync(desk.JournalFile, lines[..1], Cancel);
        await using var restored = desk.Over(backup);

        await Assert.ThrowsAsync<InvalidDataException>(() =>
            restored.Worker<ReplayErasures>().RunAsync(acceptsWithoutHead: true, Cancel)
        );
    }

    [Fact]
    public async Task A_journal_is_known_to_be_empty_before_its_first_entry()
    {
        await using var desk = await ErasureDesk.OpenAsync();

        await desk.Worker<ErasureJournal>().BeginAsync(Cancel);

        Assert.True(File.Exists(desk.HeadFile));
        await GateOf(desk).StartAsync(Cancel);
        await desk.ApprovedAsync(await desk.PersonAsync());
        Assert.Equal(1, await desk.WorkAsync());
    }

    [Fact]
    public async Task A_chain_that_was_made_without_the_key_does_not_hold()
    {
        await using var desk = await ErasureDesk.OpenAsync();
        await using var stranger = await ErasureDesk.OpenAsync();
        await desk.ApprovedAsync(await desk.PersonAsync());
        await desk.WorkAsync();
        await stranger.ApprovedAsync(await stranger.PersonAsync());
        await stranger.WorkAsync();

        File.Copy(stranger.JournalFile, desk.JournalFile, overwrite: true);

        await Assert.ThrowsAsync<InvalidDataException>(() => GateOf(desk).StartAsync(Cancel));
    }

    [Fact]
    public async Task Who_reads_the_journal_keeps_nobody_from_writing_it()
    {
        await using var desk = await ErasureDesk.OpenAsync();
        await desk.ApprovedAsync(await desk.PersonAsync());
        await desk.WorkAsync();
        var journal = desk.Desk<ErasureJournal>();
        var (read, all) = (0, 0);

        await foreach (var line in journal.ReadAsync(Cancel))
        {
            read++;
            await desk.Worker<ErasureJournal>().AppendAsync([journal.Open(line)], Cancel);
        }

        await Parallel.ForAsync(
            0,
            20,
            Cancel,
            async (i, cancel) =>
            {
                var entry = new JournalEntry(
                    JournalEvent.Begun,
                    Guid.CreateVersion7(),
                    Guid.CreateVersion7(),
                    ErasureDesk.Nobody
                );
                await desk.Worker<ErasureJournal>().AppendAsync([entry], cancel);
                await foreach (var _ in journal.ReadAsync(cancel)) { }
            }
        );
        await foreach (var _ in journal.ReadAsync(Cancel))
        {
            all++;
        }

        Assert.Equal((2, 24), (read, all));
    }

    private static RefuseUntilReplayed GateOf(ErasureDesk desk) => new(desk.Desk<JournalGate>());
}
