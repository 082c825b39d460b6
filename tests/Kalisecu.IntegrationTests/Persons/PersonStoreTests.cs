using Kalisecu.Hosting;
using Kalisecu.Keys;
using Kalisecu.Objects;
using Kalisecu.Persistence;
using Kalisecu.Persons;
using Kalisecu.Tenancy;
using Kalisecu.TestKit;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;

namespace Kalisecu.IntegrationTests.Persons;

/// <summary>What every store does with a person of whom all of them hold something.</summary>
public sealed class PersonStoreTests(TestServer server) : IClassFixture<TestServer>
{
    private readonly PersonStores _stores = server.Services.GetRequiredService<PersonStores>();
    private readonly RestrictedRows _rows = server.Services.GetRequiredService<RestrictedRows>();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private Instant Now => server.Clock.GetCurrentInstant();

    [Fact]
    public async Task Everything_held_is_collected_in_clear_and_nothing_of_anybody_else()
    {
        var known = await AKnownPerson.OfAsync(server);

        var records = await CollectAsync(known.Ref);

        Assert.Equal(
            [
                "access_entry",
                "authorisation_signer",
                "credential",
                "finding_decision",
                "finding_event",
                "letter",
                "letter",
                "member",
                "person",
                "request_receipt",
                "session",
                "site_credential",
            ],
            records.Select(r => r.Type).Order(StringComparer.Ordinal)
        );
        var member = Assert.Single(records, r => r.Type is "member").Values.ToDictionary(v => v.Name);
        Assert.Equal(AKnownPerson.LastName, member["last_name"].Value);
        Assert.Equal(known.Email, member["email"].Value);
        Assert.True(member["email"].Provided);
        Assert.False(member["create_time"].Provided);
        Assert.DoesNotContain("email_hash", member.Keys);
        Assert.DoesNotContain(records, r => r.Values.Any(v => known.Other.Equals(v.Value)));
        Assert.All(
            records.SelectMany(r => r.Values).Where(v => v.Name.EndsWith("_id", StringComparison.Ordinal)),
            v => Assert.IsNotType<byte[]>(v.Value)
        );
    }

    [Fact]
    public async Task A_correction_reaches_every_place_that_holds_the_field()
    {
        var known = await AKnownPerson.OfAsync(server);
        var corrected = $"corrected.{known.Tenant:N}@client.example";
        var values = new Dictionary<PersonField, string>
        {
            [PersonField.LastName] = "Quenneville-Roy",
            [PersonField.FirstName] = "Apolline",
            [PersonField.Email] = corrected,
        };

        var changed = await EachAsync(known.Ref, (store, db) => store.RectifyAsync(db, known.Ref, values, Cancel));

        Assert.Equal(
            [("authorisation_signers", 2), ("credentials", 1), ("members", 3), ("persons", 1)],
            changed.Where(c => c.Result > 0).Select(c => (c.Store, c.Result)).Order()
        );
        var records = await CollectAsync(known.Ref);
        Assert.Equal(corrected, Value(records, "member", "email"));
        Assert.Equal("Apolline Quenneville-Roy", Value(records, "authorisation_signer", "name"));
        var directory = server.Services.GetRequiredService<PersonDirectory>();
        var found = await _rows.InAllTenantsAsync(db => directory.FindByEmailAsync(db, corrected, Cancel), Cancel);
        Assert.Equal(known.Ref, Assert.Single(found));
    }

    [Fact]
    public async Task An_address_that_another_member_has_is_refused()
    {
        var known = await AKnownPerson.OfAsync(server);
        var values = new Dictionary<PersonField, string>
        {
            [PersonField.Email] = $"other.{known.Tenant:N}@client.example",
        };

        var refusal = await Assert.ThrowsAsync<Kalisecu.Errors.Refusal>(() =>
            EachAsync(known.Ref, (store, db) => store.RectifyAsync(db, known.Ref, values, Cancel))
        );

        Assert.Equal(Kalisecu.Errors.V1.ErrorReason.EmailInUse, refusal.Reason);
    }

    [Fact]
    public async Task Restricting_hides_in_every_store_and_lifting_shows_everything_again()
    {
        var known = await AKnownPerson.OfAsync(server);
        var before = await NormallySeenAsync(known);

        var hidden = await EachAsync(known.Ref, (s, db) => s.RestrictAsync(db, known.Ref, Now, Cancel));
        var repeated = await EachAsync(known.Ref, (s, db) => s.RestrictAsync(db, known.Ref, Now, Cancel));
        var meanwhile = await NormallySeenAsync(known);
        var shown = await EachAsync(known.Ref, (s, db) => s.RestrictAsync(db, known.Ref, since: null, Cancel));

        Assert.Equal(12, before);
        Assert.Equal(0, meanwhile);
        // The access log hides by a policy alone: no entry of it is marked.
        Assert.Equal(11, hidden.Sum(h => h.Result));
        Assert.Equal(0, repeated.Sum(h => h.Result));
        Assert.Equal(11, shown.Sum(h => h.Result));
        Assert.Equal(before, await NormallySeenAsync(known));
        Assert.Equal(
            "Suppressed",
            await server.Given.AskAsync<string>(
                "select state from letters where person_id = $1 and nature = 'Service'",
                known.Ref.PersonId
            )
        );
    }

    [Fact]
    public async Task The_worker_that_forgets_leaves_what_the_law_demands_and_a_repeat_finds_nothing()
    {
        var known = await AKnownPerson.OfAsync(server);
        await using var worker = Worker();
        var stores = worker.GetRequiredService<PersonStores>();
        var rows = worker.GetRequiredService<RestrictedRows>();

        var plans = await AskAsync((s, db) => s.PlanErasureAsync(db, known.Ref, Cancel));
        var first = await AskAsync((s, db) => s.EraseAsync(db, known.Ref, Now, Cancel));
        var repeat = await AskAsync((s, db) => s.EraseAsync(db, known.Ref, Now, Cancel));

        Assert.Equal(plans.Select(p => (p.Store, p.Erased)), first.Select(r => (r.Store, r.Erased)));
        Assert.Equal(9, first.Sum(r => r.Erased));
        Assert.All(repeat, r => Assert.Equal(0, r.Erased));
        Assert.Equal(
            [("access_log", 1, "17(3)(b)"), ("authorisation_signers", 1, "17(3)(e)"), ("letters", 1, "17(3)(b)")],
            first.SelectMany(r => r.Kept.Select(k => (r.Store, k.Count, k.Exception))).Order()
        );
        Assert.Equal(first.Select(r => r.Kept.Count), repeat.Select(r => r.Kept.Count));
        // Identifiers that name nobody any more: the one in the registry, and the one in the log.
        Assert.Equal(2, await NormallySeenAsync(known));
        Assert.Equal(
            1L,
            await server.Given.AskAsync<long>(
                "select count(*) from persons where person_id = $1 and erase_time is not null and email_hash is null",
                known.Ref.PersonId
            )
        );
        Assert.Equal(
            1L,
            await server.Given.AskAsync<long>("select count(*) from members where member_id = $1", known.Other)
        );

        async Task<List<T>> AskAsync<T>(Func<IPersonStore, KalisecuDb, Task<T>> ask)
        {
            var answers = new List<T>();
            foreach (var store in stores.All)
            {
                answers.Add(await rows.InTenantAsync(known.Tenant, db => ask(store, db), Cancel));
            }

            return answers;
        }
    }

    [Fact]
    public async Task A_letter_to_a_restricted_person_is_hidden_from_the_server_and_sent_only_if_the_law_demands_it()
    {
        var known = await AKnownPerson.OfAsync(server);
        await EachAsync(known.Ref, (s, db) => s.RestrictAsync(db, known.Ref, Now, Cancel));

        await server
            .Services.GetRequiredService<TenantDatabase>()
            .InTenantAsync(
                known.Tenant,
                async db =>
                {
                    await known.PostAsync(db, Kalisecu.Outbox.LetterNature.Required, "later");
                    await known.PostAsync(db, Kalisecu.Outbox.LetterNature.Service, "later");
                },
                Cancel
            );

        Assert.Equal(0, await NormallySeenAsync(known));
        Assert.Equal(
            ["Required Queued", "Required Queued", "Service Suppressed", "Service Suppressed"],
            await SeenByAsync(DatabaseRoles.Retention, known, seesRestricted: true)
        );
        Assert.Equal(
            ["Required Queued", "Required Queued"],
            await SeenByAsync(DatabaseRoles.Delivery, known, seesRestricted: false)
        );
    }

    [Fact]
    public async Task What_the_platform_wrote_to_a_person_of_a_tenant_is_that_persons_like_any_other_letter()
    {
        var known = await AKnownPerson.OfAsync(server);
        await PostByPlatformAsync("platform");
        await EachAsync(known.Ref, (s, db) => s.RestrictAsync(db, known.Ref, Now, Cancel));
        await PostByPlatformAsync("restricted");

        var letters = (await CollectAsync(known.Ref)).Where(r => r.Type is "letter").ToList();
        Assert.Equal(6, letters.Count);
        Assert.All(letters, l => Assert.Equal(known.Email, l.Values.Single(v => v.Name is "recipient").Value));
        Assert.Equal(
            (6L, 3L),
            (await CountAsync("restrict_time is not null"), await CountAsync("state = 'Suppressed'"))
        );
        Assert.Equal(0, await NormallySeenAsync(known));

        await using var worker = Worker();
        var receipt = await worker
            .GetRequiredService<RestrictedRows>()
            .InTenantAsync(
                known.Tenant,
                db => worker.GetRequiredService<PersonStores>().Of("letters").EraseAsync(db, known.Ref, Now, Cancel),
                Cancel
            );

        Assert.Equal((3, 3), (receipt.Erased, Assert.Single(receipt.Kept).Count));
        Assert.Equal((0L, 3L), (await CountAsync("nature <> 'Required'"), await CountAsync("nature = 'Required'")));

        Task PostByPlatformAsync(string occasion) =>
            server
                .Services.GetRequiredService<AllTenants>()
                .RunAsync(
                    async db =>
                        await known.PostAsync(db, Kalisecu.Outbox.LetterNature.Required, occasion)
                        && await known.PostAsync(db, Kalisecu.Outbox.LetterNature.Service, occasion),
                    Cancel
                );

        Task<long> CountAsync(string condition) =>
            server.Given.AskAsync<long>(
                $"select count(*) from letters where person_id = $1 and {condition}",
                known.Ref.PersonId
            );
    }

    [Fact]
    public async Task Test_accounts_whose_person_is_no_longer_known_are_not_acknowledged_as_gone()
    {
        var known = await AKnownPerson.OfAsync(server);
        await using var worker = Worker();
        await EraseAsync("members");

        await Assert.ThrowsAsync<InvalidOperationException>(() => EraseAsync("site_credentials"));

        Assert.Equal(
            1L,
            await server.Given.AskAsync<long>(
                "select count(*) from site_credentials where credential_id = $1",
                known.Credential
            )
        );

        Task<ErasureReceipt> EraseAsync(string store) =>
            worker
                .GetRequiredService<RestrictedRows>()
                .InTenantAsync(
                    known.Tenant,
                    db => worker.GetRequiredService<PersonStores>().Of(store).EraseAsync(db, known.Ref, Now, Cancel),
                    Cancel
                );
    }

    /// <summary>The rows of the person that a transaction of the server sees which did not ask for more.</summary>
    private async Task<int> NormallySeenAsync(AKnownPerson known)
    {
        var count = 0;
        await server
            .Services.GetRequiredService<TenantDatabase>()
            .InTenantAsync(
                known.Tenant,
                async db =>
                {
                    foreach (var store in _stores.All)
                    {
                        await foreach (var record in store.CollectAsync(db, known.Ref, Cancel))
                        {
                            // A decision stays the client's; who took it stands in another column meanwhile.
                            var isNameless = record.Values.Any(v =>
                                v.Name is "person_id" or "dismissal_person_id" && v.Value is null
                            );
                            count += isNameless ? 0 : 1;
                        }
                    }
                },
                Cancel
            );
        return count;
    }

    private Task<List<PersonalRecord>> CollectAsync(PersonRef person) =>
        _rows.InTenantAsync(
            person.TenantId,
            async db =>
            {
                var records = new List<PersonalRecord>();
                foreach (var store in _stores.All)
                {
                    await foreach (var record in store.CollectAsync(db, person, Cancel))
                    {
                        records.Add(record);
                    }
                }

                return records;
            },
            Cancel
        );

    private async Task<List<(string Store, int Result)>> EachAsync(
        PersonRef person,
        Func<IPersonStore, KalisecuDb, Task<int>> work
    ) =>
        await _rows.InTenantAsync(
            person.TenantId,
            async db =>
            {
                var results = new List<(string, int)>();
                foreach (var store in _stores.All)
                {
                    results.Add((store.Name, await work(store, db)));
                }

                return results;
            },
            Cancel
        );

    private async Task<List<string>> SeenByAsync(string role, AKnownPerson known, bool seesRestricted)
    {
        await using var source = Npgsql.NpgsqlDataSource.Create(server.Database.Connection(role));
        await using var connection = await source.OpenConnectionAsync(Cancel);
        await using var transaction = await connection.BeginTransactionAsync(Cancel);
        await using var command = new Npgsql.NpgsqlCommand(
            "select nature || ' ' || state from letters where person_id = $1 order by 1",
            connection,
            transaction
        );
        await using (
            var scope = new Npgsql.NpgsqlCommand(
                "select set_config('kalisecu.tenant_id', $1, true), set_config('kalisecu.sees_restricted', $2, true)",
                connection,
                transaction
            )
        )
        {
            scope.Parameters.AddWithValue(known.Tenant.ToString("D"));
            scope.Parameters.AddWithValue(seesRestricted ? "on" : "off");
            await scope.ExecuteNonQueryAsync(Cancel);
        }

        command.Parameters.AddWithValue(known.Ref.PersonId);
        var seen = new List<string>();
        await using var reader = await command.ExecuteReaderAsync(Cancel);
        while (await reader.ReadAsync(Cancel))
        {
            seen.Add(reader.GetString(0));
        }

        return seen;
    }

    private ServiceProvider Worker() =>
        new ServiceCollection()
            .AddKalisecuDatabase(server.Database.Connection(DatabaseRoles.Retention))
            .AddPersons()
            .AddSingleton(server.Services.GetRequiredService<KeyRing>())
            .AddSingleton(server.Services.GetRequiredService<ObjectFolder>())
            .AddSingleton<IClock>(server.Clock)
            .BuildServiceProvider();

    private static object? Value(List<PersonalRecord> records, string type, string name) =>
        records
            .Single(r => string.Equals(r.Type, type, StringComparison.Ordinal))
            .Values.Single(v => string.Equals(v.Name, name, StringComparison.Ordinal))
            .Value;
}
