using Kalisecu.BackupVerificationWorker;
using Kalisecu.Hosting;
using Kalisecu.Jobs;
using Microsoft.Extensions.Hosting;

return await WorkerProgram.RunAsync(
    args,
    Worker.BackupVerification,
    Modules.All,
    builder => builder.Services.AddSystemd()
);
