using Kalisecu.Evidence;
using Kalisecu.Keys;
using Kalisecu.Letters;
using Kalisecu.Objects;
using Kalisecu.Outbox;
using Kalisecu.Persistence;
using Kalisecu.Persons;
using Kalisecu.Rights;
using Kalisecu.Tenancy;
using Kalisecu.TestKit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using NodaTime;
using NodaTime.Testing;
using Npgsql;

namespace Kalisecu.IntegrationTests.Rights;

/// <summary>
/// A database with two stores of notes and one of invoices, the staff's desk (the server's role) and a retention worker (its
/// own role), over one journal; all of it can be copied to another moment.
/// </summary>
internal sealed class ErasureDesk : IAsyncDisposable
{
    private readonly TestFolder _folder;
    private readonly TestDatabase _database;
    private readonly bool _isCopy;
    private readonly ServiceProvider _desk;
    private readonly ServiceProvider _worker;

    private ErasureDesk(TestDatabase database, TestFolder folder, FakeClock clock, bool isCopy, StoreOrder notes)
    {
        (_database, _folder, Clock, _isCopy) = (database, folder, clock, isCopy);
        Notes = new NoteStore("test_notes", notes);
        _desk = Services(DatabaseRoles.Server);
        _worker = Services(DatabaseRoles.Retention);
    }

    public static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public FakeClock Clock { get; }

    public NoteStore Notes { get; }

    public NoteStore Remarks { get; } = new("test_remarks");

    public NoteStore Invoices { get; } = new("test_invoices");

    public TestDatabase Database => _database;

    public static PersonRef Nobody { get; } = new(Guid.CreateVersion7(), Guid.CreateVersion7(), PersonKind.Contact);

    public string JournalFile => Path.Combine(_folder["journal"], "erasures.journal");

    public string HeadFile => Path.Combine(_folder["keys"], JournalHead.FileName);

    public static async Task<ErasureDesk> OpenAsync(StoreOrder notes = StoreOrder.Any)
    {
        var folder = new TestFolder();
        KeyFolder.CreateKeyEncryptionKey(folder["kek.key"]);
        var database = new TestDatabase();
        await database.InitializeAsync();
        var desk = new ErasureDesk(
            database,
            folder,
            new FakeClock(Instant.FromUtc(2026, 11, 24, 9, 0)),
            isCopy: false,
            notes
        );
        foreach (var store in desk.Stores)
        {
            await desk.RunAsync(store.Ddl);
        }

        return desk;
    }

    public IReadOnlyList<NoteStore> Stores => [Notes, Remarks, Invoices];

    public T Desk<T>()
        where T : notnull => _desk.GetRequiredService<T>();

    public T Worker<T>()
        where T : notnull => _worker.GetRequiredService<T>();

    /// <summary>A person with three notes, two remarks and an invoice, and one row of each of somebody else's.</summary>
    public async Task<PersonRef> PersonAsync(Guid? tenant = null)
    {
        var person = new PersonRef(
            tenant ?? Ids.New(Clock.GetCurrentInstant()),
            Ids.New(Clock.GetCurrentInstant()),
            PersonKind.Contact
        );
        await FillAsync(person);
        await FillAsync(person with { PersonId = Ids.New(Clock.GetCurrentInstant()) });
        return person;
    }

    public async Task FillAsync(PersonRef person)
    {
        await RunAsync(
            "insert into test_notes select $1, $2, n, 'lea@client.example', 'note ' || n from generate_series(1, 3) n",
            person.TenantId,
            person.PersonId
        );
        await RunAsync(
            "insert into test_remarks select $1, $2, n, null, '=remark ' || n from generate_series(1, 2) n",
            person.TenantId,
            person.PersonId
        );
        await RunAsync(
            "insert into test_invoices values ($1, $2, 1, null, 'invoice', date '2037-01-01')",
            person.TenantId,
            person.PersonId
        );
    }

    /// <summary>Case of the person's own request, which has the person's identifier.</summary>
    public static RightsCase Case(PersonRef person) => new(person.PersonId, person, "staff:test");

    /// <summary>A request of persons whose identity is known, for every right.</summary>
    public async Task RequestAsync(Guid request, params PersonRef[] persons)
    {
        await RunAsync(
            """
            insert into privacy_requests (tenant_id, privacy_request_id, channel, state, language, received_date, due_date,
                rule_version, suspended_days, identity_method, identity_time, code_attempt_count, create_time, answered_late,
                next_alarm_time, update_time)
            values ($1, $2, 'Email', 'Acknowledged', 'Fr', date '2026-11-20', date '2026-12-21', 'test', 0, 'Judgement', $3, 0,
                $3, false, $3, $3)
            on conflict do nothing
            """,
            TenantScope.Platform,
            request,
            Clock.GetCurrentInstant()
        );
        await RunAsync(
            """
            insert into privacy_request_rights (tenant_id, privacy_request_id, right_name)
            select $1, $2, unnest(array['Access', 'Rectification', 'Erasure', 'Restriction', 'Portability', 'Objection'])
            on conflict do nothing
            """,
            TenantScope.Platform,
            request
        );
        foreach (var person in persons)
        {
            await RunAsync(
                "insert into privacy_request_subjects values ($1, $2, $3, $4, $5, $6, $6) on conflict do nothing",
                TenantScope.Platform,
                request,
                person.TenantId,
                person.PersonId,
                person.Kind.ToString(),
                Clock.GetCurrentInstant()
            );
        }
    }

    /// <summary>Planned and approved by staff.</summary>
    public async Task<Guid> ApprovedAsync(PersonRef person, Guid? request = null)
    {
        var erasure = await PlannedAsync(person, request);
        await ApproveAsync(person, erasure);
        return erasure;
    }

    public Task<Erasure> ApproveAsync(
        PersonRef person,
        Guid erasure,
        string etag = "",
        string actor = "staff:second"
    ) => InTenantAsync(person, db => Desk<PlanErasure>().ApproveAsync(db, erasure, etag, actor, Cancel));

    public async Task<Guid> PlannedAsync(PersonRef person, Guid? request = null)
    {
        var rights = Case(person) with { PrivacyRequestId = request ?? person.PersonId };
        await RequestAsync(rights.PrivacyRequestId, person);
        return (await InTenantAsync(person, db => Desk<PlanErasure>().PlanAsync(db, rights, Cancel))).ErasureId;
    }

    public Task<T> InTenantAsync<T>(PersonRef person, Func<KalisecuDb, Task<T>> work) =>
        Desk<RestrictedRows>().InTenantAsync(person.TenantId, work, Cancel);

    public Task<int> WorkAsync() => Worker<ExecuteErasure>().RunDueAsync(Cancel);

    public Task<Erasure> ErasureAsync(PersonRef person, Guid erasure) =>
        InTenantAsync(person, db => db.Set<Erasure>().AsNoTracking().SingleAsync(e => e.ErasureId == erasure, Cancel));

    public Task<List<ErasureStep>> StepsAsync(PersonRef person, Guid erasure) =>
        InTenantAsync(person, db => CompleteErasure.StepsOf(db, person.TenantId, erasure).ToListAsync(Cancel));

    /// <summary>Rows of a person, per table.</summary>
    public async Task<string> RowsAsync(PersonRef person)
    {
        var counts = new List<string>();
        foreach (var store in Stores)
        {
            counts.Add(
                await AskAsync<string>(
                    $"select '{store.Name}:' || count(*) || '/' || count(restrict_time) from {store.Name} where person_id = $1",
                    person.PersonId
                )
            );
        }

        return string.Join(' ', counts);
    }

    public async Task RunAsync(string sql, params object[] values)
    {
        await using var command = Command(sql, values);
        await command.ExecuteNonQueryAsync(Cancel);
    }

    public async Task<T> AskAsync<T>(string sql, params object[] values)
    {
        await using var command = Command(sql, values);
        return (T)(await command.ExecuteScalarAsync(Cancel))!;
    }

    /// <summary>The database as it is now, for later: a backup.</summary>
    public async Task<TestDatabase> BackUpAsync()
    {
        _desk.GetRequiredService<NpgsqlDataSource>().Clear();
        _worker.GetRequiredService<NpgsqlDataSource>().Clear();
        var copy = new TestDatabase();
        await copy.InitializeCopyAsync(_database);
        return copy;
    }

    /// <summary>The same platform over a restored database: keys, objects and journal are those of now.</summary>
    public ErasureDesk Over(TestDatabase restored) => new(restored, _folder, Clock, isCopy: true, Notes.Order);

    public async ValueTask DisposeAsync()
    {
        await _desk.DisposeAsync();
        await _worker.DisposeAsync();
        await _database.DisposeAsync();
        if (!_isCopy)
        {
            _folder.Dispose();
        }
    }

    private ServiceProvider Services(string role)
    {
        var services = new ServiceCollection();
        services.AddSingleton<IClock>(Clock);
        services.AddLogging(logging => logging.ClearProviders());
        services.AddKalisecuDatabase(_database.Connection(role));
        services.AddKeys(_folder["keys"], _folder["kek.key"]);
        services.AddObjects(_folder["objects"]);
        services.AddLetters(new ControllerProfile());
        services.AddSingleton<EvidenceLog>();
        services.AddSingleton<LetterBox>();
        services.AddSingleton<PersonDirectory>();
        services.AddSingleton<PersonStores>();
        services.AddSingleton(new ErasureJournalFolder(_folder["journal"], HeadFile));
        services.AddErasures();
        services.AddRightsOfPersons();
        services.AddSingleton<IPersonStore, RightsPersonStore>();
        foreach (var store in Stores)
        {
            services.AddSingleton<IPersonStore>(store);
        }

        return services.BuildServiceProvider();
    }

    private NpgsqlCommand Command(string sql, object[] values)
    {
        var command = _database.SuperuserSource.CreateCommand(sql);
        foreach (var value in values)
        {
            command.Parameters.AddWithValue(value);
        }

        return command;
    }
}
