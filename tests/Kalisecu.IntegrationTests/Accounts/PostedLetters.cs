using Kalisecu.Keys;
using Kalisecu.Tenancy;
using Kalisecu.TestKit;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Kalisecu.IntegrationTests.Accounts;

/// <summary>What waits in the outbox for one person, opened.</summary>
internal static class PostedLetters
{
    /// <summary>Recipient and text of the person's letters, oldest first.</summary>
    public static async Task<IReadOnlyList<(string Recipient, string Text)>> OfAsync(
        TestServer server,
        Guid personId,
        Guid? tenant = null
    )
    {
        var key = server.Services.GetRequiredService<KeyRing>().For(tenant ?? TenantScope.Platform);
        await using var command = server.Database.SuperuserSource.CreateCommand(
            "select letter_id, recipient, text_body from letters where person_id = $1 order by create_time"
        );
        command.Parameters.Add(new NpgsqlParameter { Value = personId });
        await using var rows = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        var letters = new List<(string, string)>();
        while (await rows.ReadAsync(TestContext.Current.CancellationToken))
        {
            var id = rows.GetGuid(0);
            letters.Add(
                (key.DecryptText((byte[])rows[1], "recipient", id), key.DecryptText((byte[])rows[2], "text_body", id))
            );
        }

        return letters;
    }

    /// <summary>The token in a letter that invites: the one line without a blank that is long enough.</summary>
    public static string TokenIn(string text) =>
        text.Split('\n').Single(line => line.Length >= 40 && !line.Contains(' ', StringComparison.Ordinal));
}
