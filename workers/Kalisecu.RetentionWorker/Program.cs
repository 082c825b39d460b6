using Kalisecu.Hosting;
using Kalisecu.Jobs;
using Kalisecu.RetentionWorker;
using Microsoft.Extensions.Hosting;

return await WorkerProgram.RunAsync(args, Worker.Retention, Modules.All, builder => builder.Services.AddSystemd());
