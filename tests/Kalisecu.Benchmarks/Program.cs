using Kalisecu.Benchmarks;

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
    case ["privacy", "consent", .. var rest]:
        return await ConsentBenchmark.RunAsync(rest, CancellationToken.None);
    case ["push"]:
        return await PushBenchmark.RunAsync(CancellationToken.None);
    case ["export"]:
        return await ExportBenchmark.RunAsync(CancellationToken.None);
    case ["unary"]:
        return await UnaryBenchmark.RunAsync(CancellationToken.None);
    default:
        await Console.Error.WriteLineAsync("usage: kalisecu bench push | unary | export | privacy consent [PERSONS]");
        return 2;
}
