using Kalisecu.Hosting;
using Kalisecu.Jobs;
using Kalisecu.TestWorker;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;

return await WorkerProgram.RunAsync(
    args,
    Worker.Delivery,
    [TestJobs.All],
    builder =>
    {
        var clock = FastTime.Read();
        builder.Services.AddSingleton<TimeProvider>(clock);
        builder.Services.AddSingleton<IClock>(clock);
    }
);
