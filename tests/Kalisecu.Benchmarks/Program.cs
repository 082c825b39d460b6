using System.Globalization;
using Kalisecu.Benchmarks;

const int usual = 5;
switch (args)
{
    case [UnaryBenchmark.ServeVerb, var folder]:
        await UnaryServers.RunAsync(folder, CancellationToken.None);
        return 0;
    case [ExportBenchmark.ServeVerb, var folder]:
        await ExportServer.RunAsync(folder, ExportBenchmark.Occurrences, CancellationToken.None);
        return 0;
    case [ConsentBenchmark.ServeVerb, var folder]:
        await ConsentServer.RunAsync(folder, CancellationToken.None);
        return 0;
    case [RetentionBenchmark.ServeVerb, var folder]:
        await RetentionServer.RunAsync(folder, CancellationToken.None);
        return 0;
    case ["privacy", "consent", .. var rest]:
        return await ConsentBenchmark.RunAsync(rest, CancellationToken.None);
    case ["push", .. [] or [_]] when Rounds() is { } rounds:
        return await PushBenchmark.RunAsync(rounds, CancellationToken.None);
    case ["export"]:
        return await ExportBenchmark.RunAsync(CancellationToken.None);
    case ["breaches"]:
        return await BreachBenchmark.RunAsync(CancellationToken.None);
    case ["deliveries", .. [] or [_]]:
        return await DeliveryBenchmark.RunAsync(
            args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : DeliveryBenchmark.UsualLetters,
            CancellationToken.None
        );
    case ["backups", .. [] or [_]]:
        return await BackupBenchmark.RunAsync(
            args.Length > 1 ? double.Parse(args[1], CultureInfo.InvariantCulture) : BackupBenchmark.UsualGigabytes,
            CancellationToken.None
        );
    case ["retention", .. [] or [_]]:
        return await RetentionBenchmark.RunAsync(
            args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : RetentionBenchmark.UsualRows,
            CancellationToken.None
        );
    case ["unary", .. [] or [_]] when Rounds() is { } rounds:
        return await UnaryBenchmark.RunAsync(rounds, CancellationToken.None);
    default:
        await Console.Error.WriteLineAsync(
            "usage: kalisecu bench push [ROUNDS] | unary [ROUNDS] | export | deliveries [LETTERS] | backups [GB] | breaches"
                + " | retention [ROWS] | privacy consent [PERSONS]"
        );
        return 2;
}

int? Rounds() =>
    args.Length == 1 ? usual
    : int.TryParse(args[1], CultureInfo.InvariantCulture, out var rounds) && rounds > 0 ? rounds
    : null;
