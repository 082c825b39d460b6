using Kalisecu.Accounts;
using Kalisecu.Hosting;
using Kalisecu.Tenancy;
using Kalisecu.TestKit;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Kalisecu.IntegrationTests.Accounts;

/// <summary>A session that was not used for a while is marked as used when it is read: whoever holds its row holds the read.</summary>
public sealed class SessionDirectoryTests(TestServer server) : IClassFixture<TestServer>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Calls_in_flight_share_one_read_of_a_session()
    {
        var token = await UnusedAsync();
        await using var source = server.Database.OpenSuperuser();
        await using var holder = await source.OpenConnectionAsync(Cancel);
        await using var held = await HoldAsync(holder, token);

        var calls = Enumerable.Range(0, 20).Select(_ => FindAsync(token)).ToList();
        await held.RollbackAsync(Cancel);
        var persons = await Task.WhenAll(calls);

        Assert.NotNull(persons[0]);
        Assert.All(persons, person => Assert.Same(persons[0], person));
    }

    [Fact]
    public async Task A_call_after_a_revocation_trusts_no_read_from_before_it()
    {
        var token = await UnusedAsync();
        await using var source = server.Database.OpenSuperuser();
        await using var holder = await source.OpenConnectionAsync(Cancel);
        await using var held = await HoldAsync(holder, token);

        var before = FindAsync(token);
        server.Services.GetRequiredService<Revocations>().Announce(Revocations.Agent(Guid.CreateVersion7()));
        var after = FindAsync(token);
        await held.RollbackAsync(Cancel);

        Assert.NotNull(await before);
        Assert.NotSame(await before, await after);
    }

    [Fact]
    public async Task Who_leaves_does_not_take_the_session_from_those_who_wait()
    {
        var token = await UnusedAsync();
        await using var source = server.Database.OpenSuperuser();
        await using var holder = await source.OpenConnectionAsync(Cancel);
        await using var held = await HoldAsync(holder, token);
        using var leaving = new CancellationTokenSource();

        var first = FindAsync(token, leaving.Token);
        var second = FindAsync(token);
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        await held.RollbackAsync(Cancel);

        Assert.NotNull(await second);
    }

    private Task<Person?> FindAsync(string token, CancellationToken? cancellation = null) =>
        server.Services.GetRequiredService<SessionDirectory>().FindAsync(token, cancellation ?? Cancel).AsTask();

    private async Task<string> UnusedAsync()
    {
        var headers = await server.Given.SignedInAsync(Role.StaffDpo);
        var token = headers.GetValue(CallerIdentification.SessionHeader)!;
        await server.Given.RunAsync(
            "update sessions set use_time = use_time - interval '1 hour' where token_hash = $1",
            OpaqueToken.Hash(token)
        );
        return token;
    }

    private static async Task<NpgsqlTransaction> HoldAsync(NpgsqlConnection holder, string token)
    {
        var transaction = await holder.BeginTransactionAsync(Cancel);
        await using var command = new NpgsqlCommand(
            "select from sessions where token_hash = $1 for update",
            holder,
            transaction
        );
        command.Parameters.AddWithValue(OpaqueToken.Hash(token));
        await command.ExecuteNonQueryAsync(Cancel);
        return transaction;
    }
}
