#include "predictor/base/threads.h"

#if PREDICTOR_HAS_THREADS

#include <pthread.h>
#include <sched.h>

#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <thread>

#include "predictor/base/containers.h"
#include "predictor/base/mutex.h"

namespace PREDICTOR_HIDDEN predictor {
namespace threads_detail {

static constexpr int kMaxThreads = 64;

// Between two jobs a thread looks for the next so many times before it sleeps.
static constexpr int kLooks = 100;

class Pool {
 public:
  explicit Pool(int helpers) {
    for (int i = 0; i < helpers; ++i) {
      pthread_t thread;
      // where no more can be had, these are all
      if (pthread_create(&thread, nullptr, help, this) != 0) return;
      threads_.push_back(thread);
    }
  }
  ~Pool() {
    {
      const Lock lock(mutex_);
      is_over_.store(true);
      pthread_cond_broadcast(&wake_);
    }
    for (const pthread_t thread : threads_) pthread_join(thread, nullptr);
  }
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;

  int size() const { return static_cast<int>(threads_.size()) + 1; }

  // One job at a time. REQUIRES: count < 65536.
  void run(int count, void (*task)(const void*, int), const void* context) {
    task_ = task;
    context_ = context;
    done_.store(0);
    state_.store(((state_.load() >> 32) + 1) << 32 | static_cast<uint64_t>(count));
    if (sleepers_.load() > 0) {
      const Lock lock(mutex_);
      pthread_cond_broadcast(&wake_);
    }
    take_all();
    while (done_.load() != count) sched_yield();
  }

 private:
  // The number of the job, of the next task and of all tasks, in 32, 16 and 16 bits: a thread that
  // takes a task knows that the job is not over.
  static bool has_task(uint64_t state) { return (state >> 16 & 0xffff) < (state & 0xffff); }

  void take_all() {
    for (uint64_t state = state_.load(); has_task(state); state = state_.load()) {
      if (!state_.compare_exchange_strong(state, state + (1u << 16))) continue;
      task_(context_, static_cast<int>(state >> 16 & 0xffff));
      done_.fetch_add(1);
    }
  }

  static void* help(void* pool) {
    static_cast<Pool*>(pool)->help_until_over();
    return nullptr;
  }

  void help_until_over() {
    for (int looks = 0; !is_over_.load();) {
      if (has_task(state_.load())) {
        take_all();
        looks = 0;
      } else if (++looks < kLooks) {
        sched_yield();
      } else {
        const Lock lock(mutex_);
        sleepers_.fetch_add(1);
        while (!is_over_.load() && !has_task(state_.load())) {
          pthread_cond_wait(&wake_, mutex_.native());
        }
        sleepers_.fetch_sub(1);
        looks = 0;
      }
    }
  }

  void (*task_)(const void*, int) = nullptr;
  const void* context_ = nullptr;
  std::atomic<uint64_t> state_{0};
  std::atomic<int> done_{0};
  std::atomic<int> sleepers_{0};
  std::atomic<bool> is_over_{false};
  Mutex mutex_;
  pthread_cond_t wake_ = PTHREAD_COND_INITIALIZER;
  Vector<pthread_t> threads_;
};

// Guards all below; held while a job runs.
static Mutex mutex;
static Pool* pool = nullptr;
static int users = 0;
static int wanted = 0;  // 0: nobody has said
static std::atomic<int> size{1};

static int wanted_size() {
  int count = wanted;
  if (count == 0) {
    const char* text = std::getenv("PREDICTOR_NUM_THREADS");
    count =
        text != nullptr ? std::atoi(text) : static_cast<int>(std::thread::hardware_concurrency());
  }
  return count < 1 ? 1 : count > kMaxThreads ? kMaxThreads : count;
}

// Starts or ends threads, as there are users or not.
static void fit() {
  const int count = users > 0 ? wanted_size() : 1;
  if (count == size.load()) return;
  delete pool;
  pool = count > 1 ? new Pool(count - 1) : nullptr;
  size.store(pool != nullptr ? pool->size() : 1);
}

}  // namespace threads_detail

ThreadsUse::ThreadsUse() {
  const Lock lock(threads_detail::mutex);
  ++threads_detail::users;
  threads_detail::fit();
}

ThreadsUse::~ThreadsUse() {
  const Lock lock(threads_detail::mutex);
  --threads_detail::users;
  threads_detail::fit();
}

int thread_count() { return threads_detail::size.load(std::memory_order_relaxed); }

void set_thread_count(int count) {
  const Lock lock(threads_detail::mutex);
  threads_detail::wanted = count;
  threads_detail::fit();
}

void parallel_for(int count, void (*task)(const void*, int), const void* context) {
  if (count > 1 && thread_count() > 1 && threads_detail::mutex.try_lock()) {
    const bool is_shared = threads_detail::pool != nullptr;
    if (is_shared) threads_detail::pool->run(count, task, context);
    threads_detail::mutex.unlock();
    if (is_shared) return;
  }
  for (int i = 0; i < count; ++i) task(context, i);
}

}  // namespace predictor

#else

namespace PREDICTOR_HIDDEN predictor {

ThreadsUse::ThreadsUse() = default;
ThreadsUse::~ThreadsUse() = default;

int thread_count() { return 1; }

void set_thread_count(int) {}

void parallel_for(int count, void (*task)(const void*, int), const void* context) {
  for (int i = 0; i < count; ++i) task(context, i);
}

}  // namespace predictor

#endif
