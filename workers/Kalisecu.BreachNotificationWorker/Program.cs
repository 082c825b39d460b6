using Kalisecu.BreachNotificationWorker;
using Kalisecu.Hosting;
using Kalisecu.Jobs;
using Microsoft.Extensions.Hosting;

return await WorkerProgram.RunAsync(
    args,
    Worker.BreachNotification,
    Modules.All,
    builder => builder.Services.AddSystemd()
);
