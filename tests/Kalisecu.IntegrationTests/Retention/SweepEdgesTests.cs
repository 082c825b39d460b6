using System.IO.Compression;
using Kalisecu.Evidence;
using Kalisecu.Persistence;
using Kalisecu.Persons.V1;
using Kalisecu.Retention;
using Kalisecu.Tenancy;
using Kalisecu.TestKit;
using Kalisecu.Time;
using NodaTime;

namespace Kalisecu.IntegrationTests.Retention;

/// <summary>The last second of a period, and what happens in it.</summary>
public sealed class SweepEdgesTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    // A leap day: the year after has none, so twelve months end on the 28th.
    private static readonly LocalDate LeapDay = new(2028, 2, 29);
    private static readonly Instant Ended = Paris.At(LeapDay, 15);
    private static readonly Instant Over = Paris.EndOf(new LocalDate(2029, 2, 28));
    private static readonly Duration Second = Duration.FromSeconds(1);

    [Fact]
    public async Task What_ended_on_29_February_stays_until_midnight_in_Paris_after_28_February()
    {
        await using var swept = new SweptDatabase(database, Over - Second);
        var leapDay = await ClientAsync(swept);
        var lastSecond = await swept.FullTenantAsync(Paris.EndOf(LeapDay) - Second);
        var nextDay = await swept.FullTenantAsync(Paris.EndOf(LeapDay));

        await swept.SweepTenantsAsync();
        Assert.Equal(1L, await FindingsAsync(swept, leapDay));

        swept.Clock.Advance(Second);
        await swept.SweepTenantsAsync();
        Assert.Equal(0L, await FindingsAsync(swept, leapDay));
        Assert.Equal(0L, await FindingsAsync(swept, lastSecond));
        Assert.Equal(1L, await FindingsAsync(swept, nextDay));

        swept.Clock.Advance(Duration.FromDays(1));
        await swept.SweepTenantsAsync();
        Assert.Equal(0L, await FindingsAsync(swept, nextDay));
    }

    [Fact]
    public async Task A_hold_that_is_set_one_second_before_keeps_everything()
    {
        await using var swept = new SweptDatabase(database, Over - Second);
        var held = await ClientAsync(swept);
        var free = await ClientAsync(swept);
        await swept.HoldAsync(held);

        swept.Clock.Advance(Second);
        await swept.SweepTenantsAsync();

        Assert.Equal(1L, await FindingsAsync(swept, held));
        Assert.NotNull(swept.Keys.For(held));
        Assert.Equal(0L, await FindingsAsync(swept, free));
    }

    [Fact]
    public async Task An_archive_that_is_chosen_in_the_last_second_is_written_and_goes_with_its_own_key_five_years_later()
    {
        await using var swept = new SweptDatabase(database, Over - Second);
        var tenant = await ClientAsync(swept);
        var archive = await ChooseAsync(swept, tenant);

        swept.Clock.Advance(Second);
        var refusal = await Assert.ThrowsAsync<Errors.Refusal>(async () =>
            await ChooseAsync(swept, await ClientAsync(swept))
        );
        await swept.SweepTenantsAsync();

        Assert.Equal(Errors.V1.ErrorReason.ArchiveTooLate, refusal.Reason);
        Assert.Equal(0L, await FindingsAsync(swept, tenant));
        Assert.Throws<Errors.Refusal>(() => swept.Keys.For(tenant));
        await using var file = new MemoryStream();
        var name = await swept.AskAsync<string>(
            "select object_name from archives where archive_id = $1 and state = 'Written'",
            archive
        );
        await swept.Objects.ReadAsync(archive, name, file, SweptDatabase.Cancel);
        file.Position = 0;
        using var lines = new StreamReader(new GZipStream(file, CompressionMode.Decompress));
        var content = await lines.ReadToEndAsync(SweptDatabase.Cancel);
        Assert.Contains("Old TLS", content, StringComparison.Ordinal);
        Assert.Contains(Convert.ToBase64String("a report"u8), content, StringComparison.Ordinal);

        swept.Clock.Reset(Paris.EndOf(new LocalDate(2034, 3, 1)) - Second);
        await swept.SweepRowsAsync("archives");
        Assert.NotNull(swept.Keys.For(archive));
        swept.Clock.Advance(Second);
        await swept.SweepRowsAsync("archives");
        Assert.Throws<Errors.Refusal>(() => swept.Keys.For(archive));
        Assert.False(Directory.Exists(Path.Combine(swept.ObjectsFolder, archive.ToString("D"))));
    }

    [Fact]
    public async Task An_opened_e_mail_prolongs_no_prospect()
    {
        await using var swept = new SweptDatabase(database, Over);
        var contact = Paris.At(new LocalDate(2026, 2, 27), 10);
        var person = await swept.ProspectAsync(contact);
        // Nothing says that somebody opened a letter: no kind of contact, no column of a letter.
        Assert.DoesNotContain(
            Enum.GetNames<ContactKind>(),
            n => n.Contains("Open", StringComparison.OrdinalIgnoreCase)
        );
        Assert.Equal(
            0L,
            await swept.AskAsync<long>(
                "select count(*) from information_schema.columns where table_name = 'letters' and column_name like '%open%'"
            )
        );
        await swept.RunAsync(
            """
            insert into letters (tenant_id, letter_id, once_key, kind, nature, person_tenant_id, person_id, recipient, language, subject, text_body,
                cause_type, cause_id, state, create_time, next_time, send_time)
            values ($1, $2, 'offer', 'offer', 'Marketing', $1, $2, '', 'Fr', '', '', 'person', $2, 'Sent', $3, $3, $3)
            """,
            TenantScope.Platform,
            person,
            Over - Duration.FromDays(2)
        );

        await swept.SweepPersonsAsync("prospects");

        Assert.True(
            await swept.AskAsync<bool>("select erase_time is not null from persons where person_id = $1", person)
        );
    }

    [Fact]
    public async Task Clients_are_written_to_60_and_15_days_before_once_each()
    {
        await using var swept = new SweptDatabase(database, Over - Duration.FromDays(61));
        var tenant = await ClientAsync(swept);
        var held = await ClientAsync(swept);
        await swept.HoldAsync(held);

        Assert.Equal(0, await swept.AnnounceAsync(tenant));
        swept.Clock.Advance(Duration.FromDays(1));
        Assert.Equal(1, await swept.AnnounceAsync(tenant));
        swept.Clock.Advance(Duration.FromDays(30));
        Assert.Equal(1, await swept.AnnounceAsync(tenant));
        swept.Clock.Advance(Duration.FromDays(16));
        Assert.Equal(2, await swept.AnnounceAsync(tenant));
        Assert.Equal(0, await swept.AnnounceAsync(held));
    }

    private static async Task<Guid> ChooseAsync(SweptDatabase swept, Guid tenant)
    {
        await using var server = swept.Worker(DatabaseRoles.Server);
        var caller = new Caller(CallerKind.Operator, "console", null, null, tenant);
        var request = new RequestArchive(new EvidenceLog(swept.Clock), swept.Clock);
        var database = (TenantDatabase)server.GetService(typeof(TenantDatabase))!;
        return (
            await database.InTenantAsync(
                tenant,
                db => request.RunAsync(db, caller, SweptDatabase.Cancel),
                SweptDatabase.Cancel
            )
        ).ArchiveId;
    }

    private static Task<Guid> ClientAsync(SweptDatabase swept) => swept.FullTenantAsync(Ended);

    private static Task<long> FindingsAsync(SweptDatabase swept, Guid tenant) =>
        swept.AskAsync<long>("select count(*) from findings where tenant_id = $1", tenant);
}
