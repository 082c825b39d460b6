using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Npgsql;

namespace Kalisecu.Benchmarks;

/// <summary>psql as the yardstick of exports.</summary>
internal static partial class Psql
{
    /// <summary>How psql connects.</summary>
    public static IReadOnlyDictionary<string, string> EnvironmentOf(string connection)
    {
        var database = new NpgsqlConnectionStringBuilder(connection);
        return new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["PGHOST"] = database.Host!,
            ["PGPORT"] = $"{database.Port}",
            ["PGUSER"] = database.Username!,
            ["PGPASSWORD"] = database.Password!,
            ["PGDATABASE"] = database.Database!,
        };
    }

    /// <summary>
    /// <c>\copy</c> of a statement to nowhere, in a transaction of this tenant under row security. psql's own measure of it in
    /// seconds: neither its start nor its connection counts.
    /// </summary>
    /// <param name="copy">On one line, up to <c>to stdout</c> with its options.</param>
    public static async Task<double> CopyAsync(
        IReadOnlyDictionary<string, string> environment,
        string tenantId,
        string copy,
        CancellationToken cancellationToken
    )
    {
        var start = new ProcessStartInfo("psql", ["--no-psqlrc", "--quiet", "--set", "ON_ERROR_STOP=1", "--file", "-"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var psql = Process.Start(start) ?? throw new InvalidOperationException("psql did not start.");
        await psql.StandardInput.WriteLineAsync(
            $"""
            begin;
            set local kalisecu.tenant_id = '{tenantId}';
            set local kalisecu.sees_restricted = 'on';
            \timing on
            \{copy.Replace("to stdout", "to '/dev/null'", StringComparison.Ordinal)}
            \timing off
            commit;
            """
        );
        psql.StandardInput.Close();
        var output = await psql.StandardOutput.ReadToEndAsync(cancellationToken);
        await psql.WaitForExitAsync(cancellationToken);
        return psql.ExitCode == 0 && Timing().Match(output) is { Success: true } match
            ? double.Parse(match.Groups["ms"].Value, CultureInfo.InvariantCulture) / 1000
            : throw new InvalidOperationException($"psql said {psql.ExitCode}: {output}");
    }

    [GeneratedRegex("Time: (?<ms>[0-9.]+) ms", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Timing();
}
