using Kalisecu.Hosting;
using Kalisecu.TestWorker;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;

using var clock = SharedClock.Read();
var (worker, modules) = HostedJobs.Read();
return await WorkerProgram.RunAsync(
    args,
    worker,
    modules,
    builder =>
    {
        builder.Services.AddSingleton<TimeProvider>(clock);
        builder.Services.AddSingleton<IClock>(clock);
    }
);
