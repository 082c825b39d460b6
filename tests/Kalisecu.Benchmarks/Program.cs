using Kalisecu.Benchmarks;

switch (args)
{
    case [UnaryBenchmark.ServeVerb, var folder]:
        await UnaryServers.RunAsync(folder, CancellationToken.None);
        return 0;
    case [ExportBenchmark.ServeVerb, var folder]:
        await ExportServer.RunAsync(folder, ExportBenchmark.Occurrences, CancellationToken.None);
        return 0;
    case ["push"]:
        return await PushBenchmark.RunAsync(CancellationToken.None);
    case ["export"]:
        return await ExportBenchmark.RunAsync(CancellationToken.None);
    case ["unary"]:
        return await UnaryBenchmark.RunAsync(CancellationToken.None);
    default:
        await Console.Error.WriteLineAsync("usage: kalisecu bench push | unary | export");
        return 2;
}
