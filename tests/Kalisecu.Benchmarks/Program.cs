using Kalisecu.Benchmarks;

switch (args)
{
    case [UnaryBenchmark.ServeVerb, var folder]:
        await UnaryServers.RunAsync(folder, CancellationToken.None);
        return 0;
    case ["unary"]:
        return await UnaryBenchmark.RunAsync(CancellationToken.None);
    default:
        await Console.Error.WriteLineAsync("usage: kalisecu bench unary");
        return 2;
}
