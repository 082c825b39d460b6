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
    case [AccessExportBenchmark.ServeVerb, var folder]:
        await AccessExportServer.RunAsync(folder, CancellationToken.None);
        return 0;
    case ["privacy", "consent", .. [] or [_]] when Size(2, ConsentBenchmark.UsualPersons) is { } persons:
        return await ConsentBenchmark.RunAsync(persons, CancellationToken.None);
    case ["privacy", "export", .. [] or [_]] when Size(2, AccessExportBenchmark.UsualRows) is { } rows:
        return await AccessExportBenchmark.RunAsync(rows, CancellationToken.None);
    case ["privacy", "erasure", .. [] or [_]] when Size(2, ErasureBenchmark.UsualPersons) is { } persons:
        return await ErasureBenchmark.RunAsync(persons, CancellationToken.None);
    case ["cold"]:
        return await ColdBenchmark.RunAsync(CancellationToken.None);
    case ["push", .. [] or [_]] when Size(1, usual) is { } rounds:
        return await PushBenchmark.RunAsync(rounds, CancellationToken.None);
    case ["export"]:
        return await ExportBenchmark.RunAsync(CancellationToken.None);
    case ["breaches"]:
        return await BreachBenchmark.RunAsync(CancellationToken.None);
    case ["deliveries", .. [] or [_]] when Size(1, DeliveryBenchmark.UsualLetters) is { } letters:
        return await DeliveryBenchmark.RunAsync(letters, CancellationToken.None);
    case ["backups", .. [] or [_]]:
        return await BackupBenchmark.RunAsync(
            args.Length > 1 ? double.Parse(args[1], CultureInfo.InvariantCulture) : BackupBenchmark.UsualGigabytes,
            CancellationToken.None
        );
    case ["retention", .. [] or [_]] when Size(1, RetentionBenchmark.UsualRows) is { } rows:
        return await RetentionBenchmark.RunAsync(rows, CancellationToken.None);
    case ["unary", .. [] or [_]] when Size(1, usual) is { } rounds:
        return await UnaryBenchmark.RunAsync(rounds, CancellationToken.None);
    default:
        await Console.Error.WriteLineAsync(
            "usage: kalisecu bench push [ROUNDS] | unary [ROUNDS] | export | deliveries [LETTERS] | backups [GB] | breaches"
                + " | retention [ROWS] | cold | privacy consent [PERSONS] | privacy export [ROWS] | privacy erasure [PERSONS]"
        );
        return 2;
}

// What follows the verbs: how much of it.
int? Size(int at, int otherwise) =>
    args.Length == at ? otherwise
    : int.TryParse(args[at], CultureInfo.InvariantCulture, out var size) && size > 0 ? size
    : null;
